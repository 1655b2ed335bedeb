package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Buckets and blobs.
@Timeout(300)
class BlobsTest {
    private static final String PIXELS = part("blob_data", "; filename=\"x\"\r\nContent-Type: image/png", "pixels");
    private static final String PICTURE =
            part("meta_params", "", "1") + part("meta_name1", "", "Kind") + part("meta_value1", "", "picture");
    private static final MemoryAccounts ACCOUNTS = new MemoryAccounts();
    private static DeltacloudLab lab;
    private static String bucket;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(ACCOUNTS);
        bucket =
                "/buckets/" + lab.post("/buckets", "name=b1").ann().xml().send().xml("/bucket/@id");
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static DeltacloudLab.Reply put(String target, String content) {
        return lab.call("PUT", target, BodyPublishers.ofString(content))
                .with("Content-Type", "text/plain")
                .with("X-Deltacloud-Blobmeta-Colour", "red")
                .ann()
                .xml()
                .send();
    }

    @Test
    void a_blob_is_written_described_read_and_deleted() {
        var path = bucket + "/k%2F1%20%C3%A9";
        var made = put(path, "hello");
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.xml("/blob/@id")).isEqualTo("k/1 é");
        assertThat(made.xml("/blob/content_length")).isEqualTo("5");
        assertThat(made.xml("/blob/content_type")).isEqualTo("text/plain");
        assertThat(made.xml("/blob/user_metadata/entry[@key='colour']")).isEqualTo("red");
        var content = lab.get(made.xml("/blob/content/@href")).ann().send();
        assertThat(content.text()).isEqualTo("hello");
        assertThat(content.header("Content-Type")).isEqualTo("text/plain");
        assertThat(content.header("Content-Length")).isEqualTo("5");
        assertThat(content.header("Content-Disposition")).isEqualTo("attachment; filename*=UTF-8''k%2F1%20%C3%A9");
        assertThat(content.header("Content-Security-Policy")).contains("sandbox");
        assertThat(lab.get(path)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/blob/user_metadata/colour")
                        .asString())
                .isEqualTo("red");

        var described = lab.call("POST", path)
                .with("X-Deltacloud-Blobmeta-Size", "big")
                .ann()
                .xml()
                .send();
        assertThat(described.status()).isEqualTo(204);
        assertThat(described.header("X-Deltacloud-Blobmeta-size")).isEqualTo("big");
        var head = lab.call("HEAD", path).ann().xml().send();
        assertThat(head.status()).isEqualTo(204);
        assertThat(head.header("x-deltacloud-blobmeta-SIZE")).isEqualTo("big");
        assertThat(head.header("X-Deltacloud-Blobmeta-colour")).isEmpty();

        assertThat(lab.get(bucket).ann().xml().send().xml("/bucket/blob/@id")).isEqualTo("k/1 é");
        assertThat(lab.get(bucket)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/bucket/blob_list/0/rel")
                        .asString())
                .isEqualTo("blob");
        assertThat(lab.call("DELETE", bucket).ann().xml().send().status()).isEqualTo(409);
        assertThat(lab.call("DELETE", path).ann().xml().send().status()).isEqualTo(204);
        assertThat(lab.get(path).ann().xml().send().status()).isEqualTo(404);
        assertThat(lab.get(path + "/content").ann().send().status()).isEqualTo(404);
    }

    private static String part(String name, String more, String value) {
        return "--xx\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
    }

    private static DeltacloudLab.Reply form(String body) {
        return lab.call("POST", bucket, BodyPublishers.ofString(body))
                .with("Content-Type", "multipart/form-data; boundary=xx")
                .ann()
                .xml()
                .send();
    }

    private static void isThePicture(DeltacloudLab.Reply made, String name) {
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.xml("/blob/content_type")).isEqualTo("image/png");
        assertThat(made.xml("/blob/user_metadata/entry[@key='kind']")).isEqualTo("picture");
        assertThat(lab.get(bucket + "/" + name + "/content").ann().send().text())
                .isEqualTo("pixels");
    }

    @Test
    void a_form_may_say_more_after_the_content() {
        var reply = form(part("blob_id", "", "from-form") + PIXELS + PICTURE + "--xx--\r\n");
        isThePicture(reply, "from-form");
        assertThat(reply.header("Location")).endsWith("/from-form");
        assertThat(lab.get(bucket + "?format=html").ann().send().text())
                .contains("enctype=\"multipart/form-data\"")
                .contains("type=\"file\"");
        assertThat(lab.get(bucket + "/from-form?format=html").ann().send().text())
                .contains("action=\"" + lab.root() + bucket + "/from-form\"")
                .contains("value=\"delete\"");
        assertThat(lab.post(bucket + "/from-form", "_method=delete")
                        .ann()
                        .with("Accept", "text/html")
                        .send()
                        .header("Location"))
                .isEqualTo(lab.root() + bucket);
    }

    @Test
    void old_clients_send_the_content_before_its_name() {
        var reply = form(PIXELS + part("blob_id", "", "late") + PICTURE + "--xx--\r\n");
        isThePicture(reply, "late");
        assertThat(lab.call("DELETE", bucket + "/late").ann().xml().send().status())
                .isEqualTo(204);
    }

    @Test
    void a_form_that_is_wrong_writes_nothing() {
        var data = part("blob_data", "", "x");
        assertThat(form(data + part("blob_name", "", "none") + "--xx--\r\n").status())
                .isEqualTo(400);
        assertThat(form(part("blob_id", "", "alone") + "--xx--\r\n").status()).isEqualTo(400);
        assertThat(form(part("blob_id", "", "m") + part("meta_params", "", "1000") + data + "--xx--\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(form("nonsense").status()).isEqualTo(400);
        assertThat(form(part("blob_id", "", "x".repeat(10_000)) + "--xx--\r\n").status())
                .isEqualTo(413);
        assertThat(lab.post(bucket, "blob_id=a").ann().xml().send().status()).isEqualTo(400);
        assertThat(lab.get(bucket).ann().xml().send().xml("/bucket/size")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_blob_comes_in_segments(boolean byHeader) {
        var path = bucket + "/segmented";
        var begun = (byHeader
                        ? lab.call("PUT", path).with("X-Deltacloud-BlobType", "segmented")
                        : lab.call("PUT", path + "?blob_type=segmented"))
                .ann()
                .xml()
                .send();
        assertThat(begun.status()).isEqualTo(204);
        var upload = begun.header("X-Deltacloud-SegmentedBlob");
        var list = new StringBuilder();
        for (int order = 2; order >= 1; order--) {
            var body = BodyPublishers.ofString("part" + order);
            var sent = (byHeader
                            ? lab.call("PUT", path, body)
                                    .with("X-Deltacloud-BlobType", "segmented")
                                    .with("X-Deltacloud-SegmentedBlob", upload)
                                    .with("X-Deltacloud-SegmentOrder", "" + order)
                            : lab.call(
                                    "PUT",
                                    path + "?blob_type=segmented&segmented_blob=" + upload + "&segment_order=" + order,
                                    body))
                    .ann()
                    .xml()
                    .send();
            assertThat(sent.status()).isEqualTo(204);
            list.append(order == 1 ? " , " : "")
                    .append(order)
                    .append('=')
                    .append(sent.header("X-Deltacloud-BlobSegmentId"));
        }
        var done = lab.call("PUT", path, BodyPublishers.ofString(list.toString()))
                .with("X-Deltacloud-SegmentedBlob", upload)
                .ann()
                .xml()
                .send();
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(lab.get(path + "/content").ann().send().text()).isEqualTo("part1part2");
        assertThat(lab.call("PUT", path, BodyPublishers.ofString("1"))
                        .with("X-Deltacloud-SegmentedBlob", "gone")
                        .ann()
                        .xml()
                        .send()
                        .status())
                .isEqualTo(400);
        lab.call("DELETE", path).ann().send();
    }

    @Test
    void a_small_blob_may_come_as_a_field() {
        var query = "?blob_id=field&blob_data=some%20text&meta_params=1&meta_name1=A&meta_value1=b";
        var reply = lab.call("POST", bucket + query).ann().xml().send();
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.xml("/blob/user_metadata/entry[@key='a']")).isEqualTo("b");
        assertThat(lab.get(bucket + "/field/content").ann().send().text()).isEqualTo("some text");
        lab.call("DELETE", bucket + "/field").ann().send();
    }

    /// Some megabytes, the last of which are sent only when the first have come through.
    private static final class Patient extends InputStream {
        private static final int FIRST = 4 << 20;
        private final long length;
        private long sent;

        Patient(long length) {
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1) < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int most) throws IOException {
            if (sent >= length) return -1;
            try {
                if (sent >= FIRST && !ACCOUNTS.blobs.begun.await(60, TimeUnit.SECONDS))
                    throw new IOException("nothing came through");
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            int count = (int) Math.min(most, length - sent);
            sent += count;
            return count;
        }
    }

    @Test
    void a_large_blob_passes_through_without_being_held() {
        long length = 500_000_000;
        var made = lab.call("PUT", bucket + "/large", BodyPublishers.ofInputStream(() -> new Patient(length)))
                .ann()
                .xml()
                .send();
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        assertThat(made.xml("/blob/content_length")).isEqualTo(String.valueOf(length));
        assertThat(lab.bytes(bucket + "/large/content")).isEqualTo(length);
        lab.call("DELETE", bucket + "/large").ann().send();
    }

    @Test
    void a_blob_without_a_bucket_is_refused_and_said_so() {
        var none = "/buckets/" + MemoryAccounts.FIRST + "~none/k";
        assertThat(put(none, "x".repeat(100_000)).status()).isEqualTo(404);
        var awaited = lab.call("PUT", bucket + "/awaited", BodyPublishers.ofByteArray("ok".getBytes(UTF_8)))
                .expecting()
                .ann()
                .xml()
                .send();
        assertThat(awaited.status()).isEqualTo(200);
        lab.call("DELETE", bucket + "/awaited").ann().send();
    }

    @Test
    void a_type_that_is_none_becomes_plain_bytes() {
        lab.call("PUT", bucket + "/odd", BodyPublishers.ofString("x"))
                .with("Content-Type", "<script>")
                .ann()
                .send();
        assertThat(lab.get(bucket + "/odd/content").ann().send().header("Content-Type"))
                .isEqualTo("application/octet-stream");
        lab.call("DELETE", bucket + "/odd").ann().send();
    }
}
