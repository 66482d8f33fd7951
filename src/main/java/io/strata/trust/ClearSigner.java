package io.strata.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/**
 * Clear-signs an index as GnuPG would.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-7">RFC 9580 section 7</a>
 */
public final class ClearSigner implements IndexSigner {
  private static final int HASH = HashAlgorithmTags.SHA512;

  /** Of the base64 in armor, RFC 9580 section 6. */
  private static final int ARMOR_WIDTH = 64;

  private final Path file;
  private final SigningKey key;

  private ClearSigner(Path file, SigningKey key) {
    this.file = file;
    this.key = key;
  }

  /**
   * A signer with the secret key in a file: armored or binary, without passphrase. Where the file
   * holds several that may sign, the newest subkey is taken, as GnuPG does.
   */
  public static ClearSigner withKey(Path file) throws KeyException {
    return withKey(file, Passphrase.NONE);
  }

  /** Like {@link #withKey(Path)}, of a key that may have a passphrase. */
  public static ClearSigner withKey(Path file, Passphrase passphrase) throws KeyException {
    return new ClearSigner(file, SigningKey.read(file, passphrase));
  }

  @Override
  public String fingerprint() {
    return TrustedKeys.fingerprint(key.publicKey());
  }

  @Override
  public IndexReader ownReader() {
    TrustedKeys own = new TrustedKeys(file, List.of(key.certificate()));
    return new IndexReader(Verification.REQUIRED, Optional.of(own));
  }

  @Override
  public byte[] sign(byte[] body) throws KeyException {
    return sign(body, Instant.now());
  }

  /**
   * The body in a signed message.
   *
   * @param body text; blanks at the ends of its lines are not part of what is signed
   * @param time when the signature says it was made, to the second
   */
  public byte[] sign(byte[] body, Instant time) throws KeyException {
    List<String> lines = TextLines.of(body);
    StringBuilder text = new StringBuilder(Armor.begin("SIGNED MESSAGE"));
    text.append("\nHash: SHA512\n\n");
    for (String line : lines) {
      text.append(line.startsWith("-") ? "- " : "").append(line).append('\n');
    }
    text.append(Armor.begin(Armor.SIGNATURE)).append("\n\n");
    text.append(armored(signature(TextLines.canonical(lines), time)));
    text.append(Armor.end(Armor.SIGNATURE)).append('\n');
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] signature(byte[] canonical, Instant time) throws KeyException {
    try {
      PGPPublicKey publicKey = key.publicKey();
      PGPPrivateKey privateKey = key.privateKey();
      BcPGPContentSignerBuilder signer =
          new BcPGPContentSignerBuilder(publicKey.getAlgorithm(), HASH);
      PGPSignatureGenerator generator = new PGPSignatureGenerator(signer, publicKey);
      generator.init(PGPSignature.CANONICAL_TEXT_DOCUMENT, privateKey);
      PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
      packets.setIssuerFingerprint(false, publicKey);
      packets.setSignatureCreationTime(false, Date.from(time));
      generator.setHashedSubpackets(packets.generate());
      generator.update(canonical);
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      generator.generate().encode(encoded);
      return encoded.toByteArray();
    } catch (PGPException | IOException e) {
      throw new KeyException("cannot sign with key " + fingerprint() + ": " + e.getMessage(), e);
    }
  }

  private static String armored(byte[] packets) {
    byte[] feed = {'\n'};
    String text = Base64.getMimeEncoder(ARMOR_WIDTH, feed).encodeToString(packets);
    return text + "\n=" + Base64.getEncoder().encodeToString(Crc24.of(packets)) + "\n";
  }
}
