package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.StringReader;
import java.security.KeyPairGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningRequestTest {
    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "RSA"})
    void an_independent_reader_finds_name_and_key_and_a_true_signature(String algorithm) throws Exception {
        var pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        var privateKey = PlayedLiqo.pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        var publicKey = PlayedLiqo.pem("PUBLIC KEY", pair.getPublic().getEncoded());
        var text = SigningRequest.of("milan", privateKey, publicKey);
        var request = (PKCS10CertificationRequest) new PEMParser(new StringReader(text)).readObject();
        assertThat(request.getSubject()).hasToString("O=liqo.io,CN=milan");
        assertThat(request.getSubjectPublicKeyInfo().getEncoded())
                .isEqualTo(pair.getPublic().getEncoded());
        assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(pair.getPublic())))
                .isTrue();
        assertThat(SigningRequest.of("milan", privateKey, publicKey)).isEqualTo(text);
    }

    @Test
    void a_key_is_named_bare_if_all_releases_of_liqo_read_it_so() throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var bare = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                .getPublicKeyData()
                .getBytes();
        assertThat(SigningRequest.bare(
                        PlayedLiqo.pem("PUBLIC KEY", pair.getPublic().getEncoded())))
                .isEqualTo(bare)
                .hasSize(32);
        var rsa = PlayedLiqo.pem(
                "PUBLIC KEY",
                KeyPairGenerator.getInstance("RSA")
                        .generateKeyPair()
                        .getPublic()
                        .getEncoded());
        assertThat(new String(SigningRequest.bare(rsa), US_ASCII)).isEqualTo(rsa);
    }

    @Test
    void other_keys_are_refused() {
        assertThatExceptionOfType(ClusterException.class)
                .isThrownBy(() -> SigningRequest.of("milan", "nothing", "at all"))
                .withMessageContaining("neither Ed25519 nor RSA");
    }
}
