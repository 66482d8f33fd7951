package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.mount.MountException.Kind;
import io.strata.union.UpperFeatures;
import io.strata.union.UpperFeatures.RedirectDir;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The words of -o")
class MountWordsTest {
  @Test
  @DisplayName("may come in several lists, with a later word winning")
  void laterWins() throws MountException {
    MountWords words = MountWords.parse(List.of("ro,nosuid,noexec", "rw,exec"));
    assertEquals(Optional.of(false), words.readOnly());
    assertTrue(words.nosuid());
    assertEquals("rw,nosuid", words.format());
    MountWords settled = MountWords.parse(List.of("allow_other", "ro,noallow_other"));
    assertEquals(Optional.of(false), settled.allowOther());
  }

  @Test
  @DisplayName("survive being written and read again")
  void roundTrip() throws MountException {
    String all =
        "ro,allow_other,nosuid,nodev,noexec,noatime,io_uring,nonempty,uid=0,gid=4294967294,fsname=a\\,b"
            + ",offset=9223372036854775807,subdir=/a b\\,c\\\\d,timeout=30,sync,redirect_dir=on,metacopy=off,userxattr";
    assertEquals(all, MountWords.parse(List.of(all)).format());
    assertEquals(MountWords.NONE, MountWords.parse(List.of("")));
    assertEquals(MountWords.NONE, MountWords.parse(List.of(",,")));
  }

  @Test
  @DisplayName("metacopy and redirect_dir mean what they mean to overlayfs")
  void upperFormat() throws MountException {
    assertEquals(UpperFeatures.ALL, MountWords.NONE.upperFormat().features());
    assertEquals(new UpperFeatures(RedirectDir.ON, false), features("metacopy=off"));
    assertEquals(new UpperFeatures(RedirectDir.FOLLOW, false), features("redirect_dir=off"));
    assertEquals(new UpperFeatures(RedirectDir.FOLLOW, false), features("redirect_dir=follow"));
    assertEquals(new UpperFeatures(RedirectDir.NOFOLLOW, false), features("redirect_dir=nofollow"));
    assertEquals(0, features("metacopy=on").metacopyAbove());
    assertEquals(
        new UpperFeatures(RedirectDir.FOLLOW, false), features("redirect_dir=follow,metacopy=on"));
    assertEquals(
        new UpperFeatures(RedirectDir.FOLLOW, false).withUserXattrs(), features("userxattr"));
    assertTrue(features("userxattr,redirect_dir=on").redirectDir() == RedirectDir.ON);
    List<String> all =
        List.of(
            "redirect_dir=off,metacopy=on",
            "userxattr,metacopy=on",
            "metacopy=yes",
            "redirect_dir=");
    for (String wrong : all) {
      MountException e = assertThrows(MountException.class, () -> features(wrong));
      assertEquals(Kind.USAGE, e.kind());
    }
  }

  private static UpperFeatures features(String words) throws MountException {
    return MountWords.parse(List.of(words)).upperFormat().features();
  }

  @Test
  @DisplayName("that fstab has for mount(8) are accepted and mean nothing here")
  void fstab() throws MountException {
    String words =
        "defaults,auto,noauto,nofail,_netdev,x-systemd.automount=yes,X-mount.mkdir,comment=a b"
            + ",user,user=joe,nouser,users,owner,group,loop,loop=/dev/loop0,helper=strata"
            + ",default_permissions,relatime,strictatime,lazytime,nodiratime,async,silent";
    assertEquals(MountWords.NONE, MountWords.parse(List.of(words)));
  }

  @ParameterizedTest
  @DisplayName("that are not known are refused by name")
  @ValueSource(strings = {"frobnicate", "uid", "size=3", "rw=1", "offset", "allow_root"})
  void unknown(String word) {
    MountException e =
        assertThrows(MountException.class, () -> MountWords.parse(List.of("ro," + word)));
    assertEquals(Kind.USAGE, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains(word), e.getMessage());
  }

  @Test
  @DisplayName("that are not known are left out where that is asked for, and wrong ones are not")
  void sloppy() throws MountException {
    List<String> words = List.of("frobnicate,size=3,nosuid");
    assertEquals("nosuid", MountWords.parse(words, true).format());
    assertThrows(MountException.class, () -> MountWords.parse(List.of("offset=x"), true));
  }

  @ParameterizedTest
  @DisplayName("that want a value are refused by name without a right one")
  @ValueSource(
      strings = {
        "uid=",
        "uid=no such user",
        "gid=-1",
        "gid=4294967295",
        "uid=4294967296",
        "uid=99999999999999999999",
        "offset=",
        "offset=-1",
        "offset=0x10",
        "offset=1k",
        "offset=9223372036854775808",
        "timeout=",
        "timeout=1.5",
        "timeout=-1",
        "timeout=2147483648",
        "subdir=",
        "fsname=",
        "fsname=a\nb",
        "upper=",
        "transport=",
        "transport=KERNEL",
        "threads=",
        "threads=0",
        "threads=65",
        "threads=4294967297",
        "threads=two",
        "remount"
      })
  void wrongValue(String word) {
    MountException e = assertThrows(MountException.class, () -> MountWords.parse(List.of(word)));
    assertEquals(Kind.USAGE, e.kind());
    assertTrue(String.valueOf(e.getMessage()).startsWith("-o " + word + ": "), e.getMessage());
  }

  @Test
  @DisplayName("name users and groups as well as number them")
  void names() throws MountException {
    MountWords words = MountWords.parse(List.of("uid=root,gid=daemon"));
    assertEquals(Optional.of(0), words.uid());
    assertEquals(Optional.of(1), words.gid());
  }

  @Test
  @DisplayName(
      "that is an offset may be called as erofs calls it: mount(8) keeps offset= to itself")
  void fsoffset() throws MountException {
    assertEquals("offset=512", MountWords.parse(List.of("fsoffset=512")).format());
  }

  @Test
  @DisplayName("that is a timeout of 0 means none")
  void noTimeout() throws MountException {
    assertEquals(MountWords.NONE, MountWords.parse(List.of("timeout=5,timeout=0")));
  }

  @Test
  @DisplayName("name layers, which are not among those written again")
  void layers() throws MountException {
    MountWords words = MountWords.parse(List.of("upper=/u\\,1,work=/w,lower=a,lower=b", "ro"));
    LayerWords expected =
        new LayerWords(
            Optional.of("/u,1"), Optional.of("/w"), List.of(), List.of(), List.of("a", "b"));
    assertEquals(expected, words.layers());
    assertEquals("ro", words.format());
  }

  @Test
  @DisplayName("name layers as overlayfs has them")
  void overlay() throws MountException {
    MountWords words =
        MountWords.parse(
            List.of("lowerdir=/a:/b\\\\:1:/c\\,2:/d\\:3,upperdir=/u,workdir=/w,redirect_dir=on"));
    List<String> stack = List.of("/a", "/b:1", "/c,2", "/d:3");
    LayerWords expected =
        new LayerWords(Optional.of("/u"), Optional.of("/w"), stack, List.of(), List.of());
    assertEquals(expected, words.layers());
  }

  @Test
  @DisplayName("name layers one by one as overlayfs has them, and not both ways")
  void overlayOneByOne() throws MountException {
    MountWords words = MountWords.parse(List.of("lowerdir+=/a:1,lowerdir+=/b\\,2"));
    assertEquals(List.of("/a:1", "/b,2"), words.layers().stack());
    String wrong = "lowerdir=/a,lowerdir+=/b";
    assertThrows(MountException.class, () -> MountWords.parse(List.of(wrong)));
  }

  @Test
  @DisplayName("name layers that have data only as overlayfs has them, after all others")
  void dataOnly() throws MountException {
    for (String words :
        List.of("lowerdir=/a:/b::/c::/d", "lowerdir+=/a,lowerdir+=/b,datadir+=/c,datadir+=/d")) {
      LayerWords layers = MountWords.parse(List.of(words)).layers();
      assertEquals(List.of("/a", "/b"), layers.stack());
      assertEquals(List.of("/c", "/d"), layers.data());
    }
    List<String> all =
        List.of(
            "lowerdir=/a::/b:/c",
            "lowerdir=::/b",
            "datadir+=/a",
            "datadir+=/a,lowerdir+=/b",
            "lowerdir=/a,datadir+=/b");
    for (String wrong : all) {
      assertThrows(MountException.class, () -> MountWords.parse(List.of(wrong)), wrong);
    }
  }

  @Test
  @DisplayName("that overlayfs has for what is always so here change nothing")
  void overlayAlways() throws MountException {
    String words =
        "index=off,nfs_export=off,xino=off,uuid=null,verity=off,volatile,index=on,xino=auto";
    assertEquals(MountWords.NONE, MountWords.parse(List.of(words)));
    for (String wrong : List.of("index=auto", "xino=", "verity=require", "uuid=1")) {
      assertThrows(MountException.class, () -> MountWords.parse(List.of(wrong)), wrong);
    }
  }

  @Test
  @DisplayName("say what serves, which is not among those written again")
  void serving() throws MountException {
    MountWords words =
        MountWords.parse(List.of("threads=64,transport=kernel", "transport=libfuse"));
    ServingWords expected =
        new ServingWords(Optional.of(TransportKind.LIBFUSE), OptionalInt.of(64));
    assertEquals(expected, words.serving());
    assertEquals("", words.format());
  }
}
