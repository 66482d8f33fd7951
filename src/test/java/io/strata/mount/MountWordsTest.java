package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.mount.MountException.Kind;
import java.util.List;
import java.util.Optional;
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
  }

  @Test
  @DisplayName("survive being written and read again")
  void roundTrip() throws MountException {
    String all =
        "ro,allow_other,nosuid,nodev,noexec,noatime,nonempty,uid=0,gid=4294967294,fsname=a";
    assertEquals(all, MountWords.parse(List.of(all)).format());
    assertEquals(MountWords.NONE, MountWords.parse(List.of("")));
    assertEquals(MountWords.NONE, MountWords.parse(List.of(",,")));
  }

  @Test
  @DisplayName("that fstab has for mount(8) are accepted and mean nothing here")
  void fstab() throws MountException {
    String words = "defaults,noauto,nofail,_netdev,x-systemd.automount,default_permissions";
    assertEquals(MountWords.NONE, MountWords.parse(List.of(words)));
  }

  @ParameterizedTest
  @DisplayName("that are not known are refused by name")
  @ValueSource(strings = {"frobnicate", "uid", "size=3", "rw=1"})
  void unknown(String word) {
    MountException e =
        assertThrows(MountException.class, () -> MountWords.parse(List.of("ro," + word)));
    assertEquals(Kind.USAGE, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains(word), e.getMessage());
  }

  @ParameterizedTest
  @DisplayName("that want a number are refused without one")
  @ValueSource(strings = {"uid=", "uid=x", "gid=-1", "gid=4294967295", "uid=4294967296"})
  void noNumber(String word) {
    assertThrows(MountException.class, () -> MountWords.parse(List.of(word)));
  }

  @Test
  @DisplayName("settle allow_other only where nothing was said of it")
  void allowOther() throws MountException {
    assertEquals(Optional.of(true), MountWords.NONE.orAllowOther(true).allowOther());
    MountWords no = MountWords.parse(List.of("noallow_other"));
    assertEquals(Optional.of(false), no.orAllowOther(true).allowOther());
  }
}
