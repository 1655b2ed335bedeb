package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Base64;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SshKeysTest {
    private static final String HALF =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5kq";

    @Test
    void the_private_half_opens_what_the_public_half_locks() throws IOException {
        var pair = SshKeys.generate();
        assertThat(SshKeys.isPublic(pair.publicKey())).isTrue();
        try (var parser = new PEMParser(new StringReader(pair.pem()))) {
            var known = ((PEMKeyPair) parser.readObject()).getPublicKeyInfo();
            var half = OpenSSHPublicKeyUtil.encodePublicKey(PublicKeyFactory.createKey(known));
            assertThat(pair.publicKey())
                    .isEqualTo("ssh-rsa " + Base64.getEncoder().encodeToString(half));
        }
        assertThat(pair.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void fingerprints_are_those_of_ssh_keygen() {
        assertThat(SshKeys.isPublic(HALF + " me at home")).isTrue();
        assertThat(SshKeys.fingerprint(HALF + " me")).isEqualTo("f2:8f:fe:d0:ae:d7:db:1d:72:3d:d5:0a:da:e7:bc:d6");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh-ed25519",
                "ssh-ed25519 AAAA",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5k",
                "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5kq",
                "ssh-rsa AAAA/////w==",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5kq me\nssh-rsa AAAA",
                "-----BEGIN RSA PRIVATE KEY-----"
            })
    void what_is_no_public_key_is_told_apart(String text) {
        assertThat(SshKeys.isPublic(text)).isFalse();
    }
}
