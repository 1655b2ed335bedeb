package holdfast.platform;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts certificates by what is in them alone: no authority vouches for any, and names and dates are not looked at.
/// That the other side has the key, TLS sees to.
public final class PinnedKeys extends X509ExtendedTrustManager {
    private final BiPredicate<String, X509Certificate> trusted;

    /// @param trusted whether the other side at `host:port` may show that certificate
    public PinnedKeys(BiPredicate<String, X509Certificate> trusted) {
        this.trusted = trusted;
    }

    private void check(String address, X509Certificate @Nullable [] chain) throws CertificateException {
        if (chain == null || chain.length == 0 || !trusted.test(address, chain[0])) {
            throw new CertificateException("it shows a key that is not the one that is known of it");
        }
    }

    private static String address(@Nullable SSLEngine engine) {
        return engine == null ? "" : engine.getPeerHost() + ":" + engine.getPeerPort();
    }

    private static String address(@Nullable Socket socket) {
        return socket instanceof SSLSocket secure && secure.getHandshakeSession() != null
                ? secure.getHandshakeSession().getPeerHost() + ":" + secure.getPort()
                : "";
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(address(engine), chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(address(engine), chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(address(socket), chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(address(socket), chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check("", chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check("", chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
