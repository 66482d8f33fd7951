package io.strata.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;

/**
 * Reads the certificates of one or more files. A certificate that comes several times is one, with
 * all that any copy says: where one of them is revoked, it is. A revocation may also stand alone.
 */
final class CertificateFiles {
  private final Map<String, PGPPublicKeyRing> byFingerprint = new LinkedHashMap<>();
  private final List<PGPSignature> revocations = new ArrayList<>();

  private CertificateFiles() {}

  /**
   * All certificates of a file, or of the files of a directory. Text without armor in a directory
   * is none of them.
   *
   * @throws KeyException if there is none, or one of the files is something else
   */
  static List<Certificate> read(Path path) throws KeyException {
    CertificateFiles all = new CertificateFiles();
    boolean directory = Files.isDirectory(path);
    for (Path file : KeyFile.filesOf(path)) {
      if (!directory || KeyFile.mayHoldKeys(file)) {
        all.add(file);
      }
    }
    if (all.byFingerprint.isEmpty()) {
      throw new KeyException(path + ": no OpenPGP public key in it");
    }
    all.revoke();
    Collection<PGPPublicKeyRing> rings = all.byFingerprint.values();
    return rings.stream().map(ring -> new Certificate(ring, rings)).toList();
  }

  /**
   * All certificates of what a program exported.
   *
   * @param name to call it in messages
   * @param packets binary, without armor
   */
  static List<Certificate> ofPackets(Path name, byte[] packets) throws KeyException {
    CertificateFiles all = new CertificateFiles();
    all.add(name, packets);
    if (all.byFingerprint.isEmpty()) {
      throw new KeyException(name + ": no OpenPGP public key in it");
    }
    all.revoke();
    return all.byFingerprint.values().stream().map(Certificate::new).toList();
  }

  private void add(Path file) throws KeyException {
    boolean empty = true;
    for (byte[] packets : KeyFile.packets(file, Armor.PUBLIC_KEY)) {
      empty &= !add(file, packets);
    }
    if (empty) {
      throw new KeyException(file + ": no OpenPGP public key in it");
    }
  }

  private boolean add(Path file, byte[] packets) throws KeyException {
    boolean found = false;
    try {
      PGPObjectFactory objects = new PGPObjectFactory(packets, new BcKeyFingerprintCalculator());
      for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
        if (next instanceof PGPPublicKeyRing ring) {
          add(ring);
          found = true;
        } else if (next instanceof PGPSignatureList list) {
          list.forEach(revocations::add);
          found = true;
        }
      }
      return found;
    } catch (IOException | PGPException | RuntimeException e) {
      throw new KeyException(file + ": not a file of OpenPGP public keys: " + e.getMessage(), e);
    }
  }

  private void add(PGPPublicKeyRing ring) throws PGPException {
    String fingerprint = TrustedKeys.fingerprint(ring.getPublicKey());
    PGPPublicKeyRing before = byFingerprint.get(fingerprint);
    byFingerprint.put(fingerprint, before == null ? ring : PGPPublicKeyRing.join(before, ring));
  }

  // Whether a revocation is good, the certificate finds out.
  private void revoke() {
    for (PGPSignature revocation : revocations) {
      if (revocation.getSignatureType() == PGPSignature.KEY_REVOCATION) {
        byFingerprint.replaceAll((_, ring) -> with(ring, revocation));
      }
    }
  }

  private static PGPPublicKeyRing with(PGPPublicKeyRing ring, PGPSignature revocation) {
    PGPPublicKey primary = ring.getPublicKey();
    return revocation.hasKeyIdentifier(primary.getKeyIdentifier())
        ? PGPPublicKeyRing.insertPublicKey(ring, PGPPublicKey.addCertification(primary, revocation))
        : ring;
  }
}
