package dev.patchbay.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patchbay.reference.Digest;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link FakeRegistryServer} has, and how it answers when all is well. */
final class FakeContent {
    private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
    private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/");
    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]+)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent")
    private record Manifest(String mediaType, byte[] bytes) {}

    Digest putBlob(String repository, byte[] content) {
        Digest digest = Digest.sha256(content);
        blobs.put(repository + "@" + digest, content);
        return digest;
    }

    Digest putManifest(String repository, String tag, String mediaType, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        manifests.put(repository + "@" + tag, new Manifest(mediaType, bytes));
        manifests.put(repository + "@" + digest, new Manifest(mediaType, bytes));
        return digest;
    }

    Optional<byte[]> blob(String repository, Digest digest) {
        return Optional.ofNullable(blobs.get(repository + "@" + digest));
    }

    Optional<byte[]> manifest(String repository, String named) {
        return Optional.ofNullable(manifests.get(repository + "@" + named)).map(Manifest::bytes);
    }

    /** The right answer. */
    Reply answer(Seen request) {
        if (request.path().equals("/v2/")) {
            return Reply.of(200).with("{}".getBytes(UTF_8));
        }
        Matcher uploading = UPLOADS.matcher(request.path());
        if (uploading.matches()) {
            return begin(uploading.group(1), request);
        }
        Matcher upload = UPLOAD.matcher(request.path());
        if (upload.matches()) {
            return upload(upload.group(1), upload.group(2), request);
        }
        Matcher manifest = MANIFEST.matcher(request.path());
        if (manifest.matches()) {
            return manifest(manifest.group(1), manifest.group(2), request);
        }
        Matcher blob = BLOB.matcher(request.path());
        return blob.matches() ? blob(blob.group(1), blob.group(2), request) : Reply.of(404);
    }

    private Reply manifest(String repository, String named, Seen request) {
        if (request.method().equals("PUT")) {
            String type = request.header("Content-Type").orElse("");
            Digest digest = putManifest(repository, named, type, request.body());
            return Reply.of(201).with("Docker-Content-Digest", digest.toString());
        }
        Manifest found = manifests.get(repository + "@" + named);
        return found == null
                ? Reply.error(404, "MANIFEST_UNKNOWN", "manifest unknown")
                : Reply.of(200)
                        .with("Content-Type", found.mediaType())
                        .with("Docker-Content-Digest", Digest.sha256(found.bytes()).toString())
                        .with(found.bytes());
    }

    private Reply blob(String repository, String digest, Seen request) {
        byte[] found = blobs.get(repository + "@" + digest);
        if (found == null) {
            return Reply.error(404, "BLOB_UNKNOWN", "blob unknown to registry");
        }
        var whole = Reply.of(200)
                .with("Content-Type", "application/octet-stream")
                .with("Docker-Content-Digest", digest)
                .with(found);
        Matcher range = RANGE.matcher(request.header("Range").orElse(""));
        if (!range.matches()) {
            return whole;
        }
        int from = Integer.parseInt(range.group(1));
        return from >= found.length
                ? Reply.error(416, "RANGE_INVALID", "range invalid")
                : new Reply(206, whole.headers(), Arrays.copyOfRange(found, from, found.length), false)
                        .with("Content-Range",
                                "bytes " + from + "-" + (found.length - 1) + "/" + found.length);
    }

    private Reply begin(String repository, Seen request) {
        Optional<byte[]> mounted = request.parameter("mount")
                .map(FakeContent::decoded)
                .flatMap(digest -> request.parameter("from")
                        .map(FakeContent::decoded)
                        .flatMap(from -> Optional.ofNullable(blobs.get(from + "@" + digest))));
        if (mounted.isPresent()) {
            Digest digest = putBlob(repository, mounted.get());
            return Reply.of(201)
                    .with("Docker-Content-Digest", digest.toString())
                    .with("Location", "/v2/" + repository + "/blobs/" + digest);
        }
        String id = "u" + uploads.size();
        uploads.put(id, new byte[0]);
        return progress(202, repository, id);
    }

    private Reply upload(String repository, String id, Seen request) {
        byte[] before = uploads.get(id);
        if (before == null) {
            return Reply.error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown");
        }
        return switch (request.method()) {
            case "GET" -> progress(204, repository, id);
            case "PATCH" -> {
                String range = request.header("Content-Range").orElse(before.length + "-");
                if (!range.startsWith(before.length + "-")) {
                    yield progress(416, repository, id);
                }
                uploads.put(id, joined(before, request.body()));
                yield progress(202, repository, id);
            }
            case "PUT" -> finish(repository, id, request, joined(before, request.body()));
            default -> Reply.of(405);
        };
    }

    private Reply finish(String repository, String id, Seen request, byte[] content) {
        String wanted = request.parameter("digest").map(FakeContent::decoded).orElse("");
        if (!Digest.sha256(content).toString().equals(wanted)) {
            return Reply.error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        }
        uploads.remove(id);
        return Reply.of(201).with("Docker-Content-Digest", putBlob(repository, content).toString());
    }

    /** Takes in what came of an upload before its connection broke. */
    void receivedPart(String path, byte[] part) {
        Matcher upload = UPLOAD.matcher(path);
        if (upload.matches()) {
            uploads.computeIfPresent(upload.group(2), (_, before) -> joined(before, part));
        }
    }

    private Reply progress(int status, String repository, String id) {
        int size = uploads.getOrDefault(id, new byte[0]).length;
        return Reply.of(status)
                .with("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?state=" + size)
                .with("Range", "0-" + Math.max(0, size - 1))
                .with("Docker-Upload-UUID", id);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
