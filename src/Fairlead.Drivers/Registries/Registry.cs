using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Registries over their HTTP API (OCI distribution 1.1, and Docker's registry 2 before it). What comes is named by its digest, and
/// nothing is kept that is not what it is called.
/// </summary>
public sealed class Registry : IRegistry, IDisposable
{
    private const int TagsMax = 10_000;
    private const int TagPageBytesMax = 4 << 20;
    private const int DepthMax = 4;

    private readonly IImageStore store;
    private readonly RegistrySettings settings;
    private readonly RegistryHttp http;
    private readonly Download download;
    private readonly Upload upload;
    private readonly Referrers referrers;

    public Registry(IImageStore store, IRegistryCredentials credentials, RegistrySettings settings, World world)
    {
        (this.store, this.settings) = (store, settings);
        http = new(credentials, settings, world);
        download = new(http, store, settings);
        upload = new(http, store, settings);
        referrers = new(this);
    }

    /// <summary>Called before an image is sent to a repository, which may have to be made; called for each image.</summary>
    public Func<ImageReference, CancellationToken, Task> BeforePush { get; init; } =
        static (_, _) => Task.CompletedTask;

    public async Task<Descriptor> ResolveAsync(ImageReference image, CancellationToken stop)
    {
        var call = CallOf(image, "say what it is", Scopes.Pull(image));
        using var response = await http.SendAsync(() => Wanting(HttpMethod.Head, image.Wanted, call), call, stop);
        if (
            response.StatusCode is HttpStatusCode.OK
            && TypeOf(response) is { } type
            && SaidDigest(response) is { } digest
            && response.Content.Headers.ContentLength is { } size
            && (image.Digest is null || image.Digest == digest)
        )
        {
            return new(type, digest, size);
        }
        // Not every registry answers HEAD in full; and a refusal has its reason in a body.
        return (await FetchAsync(image, call, null, stop)).Described;
    }

    public async Task<PulledImage> PullAsync(ImageReference image, Platform? platform, CancellationToken stop)
    {
        var call = CallOf(image, "give the image", Scopes.Pull(image));
        var root = await FetchAsync(image, call, null, stop);
        var pinned = image.At(root.Described.Digest);
        var bytes = (long)root.Bytes.Length;
        var (chosen, manifests) = (root, new List<Fetched>());
        if (platform is not null && root.Manifest is Manifest.Index index)
        {
            var one =
                index.For(platform)
                ?? throw new ProblemException(
                    RegistryProblems.NoPlatform(
                        call.Asked,
                        platform,
                        index.Manifests.Select(static it => it.Platform).OfType<Platform>()
                    )
                );
            chosen = await FetchAsync(image.At(one.Digest), call, one, stop);
            bytes += chosen.Bytes.Length;
        }
        manifests.Add(chosen);
        await AddChildrenAsync(manifests, image, call, stop);
        bytes += manifests.Skip(1).Sum(static one => (long)one.Bytes.Length);
        Descriptor[] blobs =
        [
            .. manifests
                .Select(static one => one.Manifest)
                .OfType<Manifest.Image>()
                .SelectMany(static one => one.Parts)
                .DistinctBy(static one => one.Digest),
        ];
        Check(blobs, call.Asked);
        bytes += await EachAsync(blobs, (blob, token) => download.RunAsync(blob, image, token), stop);
        // Only now: what is named is whole.
        foreach (var one in manifests.Append(root).Reverse())
        {
            await store.PutAsync(one.Described.MediaType, one.Bytes, stop);
        }
        await store.NameAsync(image, chosen.Described, stop);
        return new(pinned, chosen.Described, bytes);
    }

    public async Task<PushedImage> PushAsync(Descriptor image, ImageReference to, CancellationToken stop)
    {
        await BeforePush(to, stop);
        var tally = new Tally();
        var sources = await SourcesAsync(to, stop);
        await PushAsync(image, to.At(image.Digest), new(sources, tally), stop);
        if (to.Tag is not null)
        {
            await NameAsync(image, to, to.Tag, stop);
        }
        return new(to.At(image.Digest), tally.Bytes, tally.Sent, tally.Mounted, tally.Known);
    }

    // Where no tag may change, one that is this image already is refused too.
    private async Task NameAsync(Descriptor image, ImageReference to, string tag, CancellationToken stop)
    {
        try
        {
            await PutAsync(image, to, tag, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is not Trouble.Unreachable)
        {
            if (await IsNamedAsync(image, to.Tagged(tag), stop))
            {
                return;
            }
            throw;
        }
    }

    private async Task<bool> IsNamedAsync(Descriptor image, ImageReference name, CancellationToken stop)
    {
        try
        {
            return (await ResolveAsync(name, stop)).Digest == image.Digest;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    public async Task<Descriptor> MountAsync(ImageReference from, ImageReference to, CancellationToken stop)
    {
        if (from.Host != to.Host)
        {
            throw new ArgumentException($"{from} and {to} are not on the same registry.", nameof(to));
        }
        var call = CallOf(from, "give the image", Scopes.Pull(from));
        await BeforePush(to, stop);
        var manifests = new List<Fetched> { await FetchAsync(from, call, null, stop) };
        await AddChildrenAsync(manifests, from, call, stop);
        Descriptor[] blobs =
        [
            .. manifests
                .Select(static one => one.Manifest)
                .OfType<Manifest.Image>()
                .SelectMany(static one => one.Parts)
                .DistinctBy(static one => one.Digest),
        ];
        await EachAsync(
            blobs,
            async (blob, token) =>
            {
                var push = CallOf(to, $"mount layer {blob.Digest.Start}", Scopes.Push(to));
                var isThere =
                    await upload.HasAsync(blob, push, token)
                    || await upload.BeginAsync(new(blob, push), from.Repository, token) is null;
                // One that does not mount gets it from here.
                return isThere
                    ? 0
                    : await download.RunAsync(blob, from, token) + (await upload.RunAsync(blob, to, null, token)).Bytes;
            },
            stop
        );
        // The children before those that name them.
        foreach (var one in manifests.AsEnumerable().Reverse())
        {
            await PutAsync(one.Described, one.Bytes, (to, one.Described.Digest.ToString()), stop);
        }
        if (to.Tag is not null)
        {
            await PutAsync(manifests[0].Described, manifests[0].Bytes, (to, to.Tag), stop);
        }
        return manifests[0].Described;
    }

    public async Task<IReadOnlyList<string>> TagsAsync(ImageReference repository, CancellationToken stop)
    {
        var call = CallOf(repository, "list its tags", Scopes.Pull(repository));
        var next = new Uri(call.Asked.Root, $"{repository.Repository}/tags/list?n=1000");
        var tags = new List<string>();
        for (Uri? page = next; page is not null && tags.Count < TagsMax; )
        {
            var address = page;
            using var response = await http.SendAsync(() => new(HttpMethod.Get, address), call, stop);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                throw await http.RefusedAsync(response, call, stop);
            }
            var before = tags.Count;
            tags.AddRange(ReadTags(await BodyAsync(response, TagPageBytesMax, call, stop), call.Asked));
            page = tags.Count > before ? NextPage(response, address, call.Asked) : null;
        }
        return [.. tags.Take(TagsMax)];
    }

    public async Task DeleteAsync(ImageReference image, CancellationToken stop)
    {
        var digest = image.Digest ?? (await ResolveAsync(image, stop)).Digest;
        var call = CallOf(image, "delete the image", Scopes.Delete(image));
        var address = ManifestAddress(call.Asked, digest.ToString());
        using var response = await http.SendAsync(() => new(HttpMethod.Delete, address), call, stop);
        // Somebody else's deletion is as good.
        if (!response.IsSuccessStatusCode && response.StatusCode is not HttpStatusCode.NotFound)
        {
            throw await http.RefusedAsync(response, call, stop);
        }
    }

    public async Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageReference image, CancellationToken stop)
    {
        var call = CallOf(image, "say what is attached", Scopes.Pull(image));
        return image.Digest is { } digest
            ? await referrers.ListAsync(image, digest, call, stop)
            : throw new ProblemException(RegistryProblems.Digestless(call.Asked));
    }

    public void Dispose() => http.Dispose();

    internal Call CallOf(ImageReference image, string what, string scope) =>
        new(new(image, what, RegistryPlace.RootOf(image.Host, settings)), scope);

    internal Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, Call call, CancellationToken stop) =>
        http.SendAsync(make, call, stop);

    internal Task<ProblemException> RefusedAsync(HttpResponseMessage response, Call call, CancellationToken stop) =>
        http.RefusedAsync(response, call, stop);

    /// <summary>A manifest, proven to be what was asked for.</summary>
    /// <param name="known">What an index says of it.</param>
    internal async Task<Fetched> FetchAsync(ImageReference image, Call call, Descriptor? known, CancellationToken stop)
    {
        using var response = await http.SendAsync(() => Wanting(HttpMethod.Get, image.Wanted, call), call, stop);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw await http.RefusedAsync(response, call, stop);
        }
        var bytes = await BodyAsync(response, ManifestReader.BytesMax, call, stop);
        var came = Digest.Of(bytes);
        var wanted = image.Digest ?? SaidDigest(response);
        if (wanted is not null && wanted != came)
        {
            throw new ProblemException(RegistryProblems.Mismatch(call.Asked, wanted, came));
        }
        try
        {
            var manifest = ManifestReader.Read(bytes, known?.MediaType ?? TypeOf(response));
            return new(new(manifest.MediaType, came, bytes.Length) { Platform = known?.Platform }, bytes, manifest);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(RegistryProblems.Answer(call.Asked, caught.Message), caught);
        }
    }

    /// <returns>Whether the registry itself keeps what is attached to what.</returns>
    internal async Task<bool> PutAsync(
        Descriptor manifest,
        ReadOnlyMemory<byte> bytes,
        (ImageReference Image, string Wanted) to,
        CancellationToken stop
    )
    {
        var call = CallOf(to.Image, "take the image's manifest", Scopes.Push(to.Image));
        var address = ManifestAddress(call.Asked, to.Wanted);
        using var response = await http.SendAsync(
            () =>
            {
                var content = new ReadOnlyMemoryContent(bytes);
                content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
                return new(HttpMethod.Put, address) { Content = content };
            },
            call,
            stop
        );
        return !response.IsSuccessStatusCode ? throw await http.RefusedAsync(response, call, stop)
            : SaidDigest(response) is { } said && said != manifest.Digest
                ? throw new ProblemException(RegistryProblems.Mismatch(call.Asked, manifest.Digest, said))
            : response.Headers.Contains("OCI-Subject");
    }

    private async Task PutAsync(Descriptor manifest, ImageReference to, string wanted, CancellationToken stop) =>
        await PutAsync(manifest, await store.ReadAsync(manifest.Digest, stop), (to, wanted), stop);

    // Children first: a registry takes no index of images that it does not have.
    private async Task PushAsync(Descriptor image, ImageReference to, Push push, CancellationToken stop)
    {
        var bytes = await store.ReadAsync(image.Digest, stop);
        var manifest = ReadOwn(bytes, image);
        switch (manifest)
        {
            case Manifest.Index index when push.Depth < DepthMax:
                foreach (var child in index.Manifests)
                {
                    await PushAsync(child, to.At(child.Digest), push with { Depth = push.Depth + 1 }, stop);
                }
                break;
            case Manifest.Image one:
                await EachAsync(
                    [.. one.Parts.DistinctBy(static part => part.Digest)],
                    async (blob, token) =>
                        push.Tally.Add(
                            await upload.RunAsync(blob, to, push.Sources.GetValueOrDefault(blob.Digest), token)
                        ),
                    stop
                );
                break;
        }
        var keepsSubjects = await PutAsync(image, bytes, (to, image.Digest.ToString()), stop);
        if (manifest.Subject is { } subject && !keepsSubjects)
        {
            await referrers.AddAsync(
                to,
                subject.Digest,
                image with
                {
                    ArtifactType = ArtifactTypeOf(manifest),
                    Annotations = manifest.Annotations,
                },
                stop
            );
        }
        foreach (var attached in await store.AttachedAsync(image.Digest, stop))
        {
            if (push.Depth < DepthMax)
            {
                await PushAsync(attached, to.At(attached.Digest), push with { Depth = push.Depth + 1 }, stop);
            }
        }
    }

    private static string? ArtifactTypeOf(Manifest manifest) =>
        manifest.ArtifactType ?? (manifest as Manifest.Image)?.Config.MediaType;

    private static Manifest ReadOwn(byte[] bytes, Descriptor image)
    {
        try
        {
            return ManifestReader.Read(bytes, image.MediaType);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(
                new Problem(
                    "image.broken",
                    What: $"{image.Digest} cannot be read as an image.",
                    Why: caught.Message,
                    Fix: "Build it again, or bring it again: fairlead image pull NAME"
                ),
                caught
            );
        }
    }

    private async Task AddChildrenAsync(
        List<Fetched> manifests,
        ImageReference image,
        Call call,
        CancellationToken stop
    )
    {
        // The list grows while it is gone through: children may have children.
        for (var at = 0; at < manifests.Count; at++)
        {
            if (manifests[at] is not { Manifest: Manifest.Index index, Depth: var depth })
            {
                continue;
            }
            if (depth == DepthMax)
            {
                throw new ProblemException(
                    RegistryProblems.Answer(call.Asked, $"Its indexes are more than {DepthMax} deep.")
                );
            }
            foreach (
                var child in index
                    .Manifests.Where(child => manifests.All(one => one.Described.Digest != child.Digest))
                    .ToList()
            )
            {
                manifests.Add(await FetchAsync(image.At(child.Digest), call, child, stop) with { Depth = depth + 1 });
            }
        }
    }

    private void Check(IReadOnlyList<Descriptor> blobs, Asked asked)
    {
        if (blobs.FirstOrDefault(one => one.Size > settings.BlobBytesMax) is { } large)
        {
            throw new ProblemException(
                RegistryProblems.TooLarge(asked, $"layer {large.Digest.Start}", large.Size, settings.BlobBytesMax)
            );
        }
        var all = blobs.Aggregate(0UL, static (sum, one) => sum + (ulong)one.Size);
        if (all > (ulong)settings.ImageBytesMax)
        {
            throw new ProblemException(
                RegistryProblems.TooLarge(
                    asked,
                    "all of it",
                    (long)Math.Min(all, long.MaxValue),
                    settings.ImageBytesMax
                )
            );
        }
    }

    // Repositories of the same registry from which this machine has layers.
    private async Task<Dictionary<Digest, string>> SourcesAsync(ImageReference to, CancellationToken stop)
    {
        var sources = new Dictionary<Digest, string>();
        foreach (
            var one in (await store.ListAsync(stop)).Where(one =>
                one.Name.Host == to.Host && one.Name.Repository != to.Repository
            )
        )
        {
            if (MediaTypes.IsManifest(one.Image.MediaType) && store.Has(one.Image.Digest))
            {
                foreach (var part in ReadOwn(await store.ReadAsync(one.Image.Digest, stop), one.Image).Parts)
                {
                    sources[part.Digest] = one.Name.Repository;
                }
            }
        }
        return sources;
    }

    private async Task<long> EachAsync(
        IReadOnlyList<Descriptor> blobs,
        Func<Descriptor, CancellationToken, Task<long>> transfer,
        CancellationToken stop
    )
    {
        var bytes = 0L;
        await Parallel.ForEachAsync(
            blobs,
            new ParallelOptions { MaxDegreeOfParallelism = settings.AtOnceMax, CancellationToken = stop },
            async (blob, token) => Interlocked.Add(ref bytes, await transfer(blob, token))
        );
        return bytes;
    }

    private static HttpRequestMessage Wanting(HttpMethod method, string wanted, Call call)
    {
        var request = new HttpRequestMessage(method, ManifestAddress(call.Asked, wanted));
        foreach (var type in MediaTypes.Manifests)
        {
            request.Headers.Accept.Add(new(type));
        }
        return request;
    }

    private static Uri ManifestAddress(Asked asked, string wanted) =>
        new(asked.Root, $"{asked.Repository}/manifests/{wanted}");

    // Some say only that it is JSON.
    private static string? TypeOf(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type))
            ? type
            : null;

    private static Digest? SaidDigest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values)
        && Digest.TryParse(values.First(), out var digest)
            ? digest
            : null;

    internal async Task<byte[]> BodyAsync(HttpResponseMessage response, int bytesMax, Call call, CancellationToken stop)
    {
        using var silence = http.Listen(stop);
        try
        {
            return await BoundedBody.ReadAsync(response.Content, bytesMax, silence.Token);
        }
        catch (Exception caught) when (caught is IOException or HttpRequestException)
        {
            throw new ProblemException(RegistryProblems.Answer(call.Asked, caught.Message), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(
                RegistryProblems.Unreachable(call.Asked, "It stopped in the middle of its answer."),
                caught
            );
        }
    }

    internal static IReadOnlyList<string> ReadTags(byte[] body, Asked asked)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 8 });
            return
                json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("tags", out var list)
                && list.ValueKind is JsonValueKind.Array
                ?
                [
                    .. list.EnumerateArray()
                        .Where(static one => one.ValueKind is JsonValueKind.String)
                        .Select(static one => one.GetString()!)
                        .Where(ImageReference.IsTag),
                ]
                : [];
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            throw new ProblemException(
                RegistryProblems.Answer(asked, $"Its list of tags is no JSON: {caught.Message}"),
                caught
            );
        }
    }

    // Link: </v2/library/nginx/tags/list?n=1000&last=1.27>; rel="next"
    internal static Uri? NextPage(HttpResponseMessage response, Uri page, Asked asked)
    {
        var link = response.Headers.TryGetValues("Link", out var values) ? values.First() : "";
        var (open, close) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
        return
            open >= 0
            && close > open
            && link.Contains("next", StringComparison.Ordinal)
            && Uri.TryCreate(page, link[(open + 1)..close], out var next)
            && next.Authority == asked.Root.Authority
            ? new UriBuilder(next) { Scheme = page.Scheme, Port = page.Port }.Uri
            : null;
    }

    /// <summary>A manifest with its own bytes: written anew it could be others.</summary>
    internal sealed record Fetched(Descriptor Described, byte[] Bytes, Manifest Manifest)
    {
        public int Depth { get; init; }
    }

    /// <param name="Sources">Which repository of the registry has which layer.</param>
    private sealed record Push(IReadOnlyDictionary<Digest, string> Sources, Tally Tally)
    {
        public int Depth { get; init; }
    }

    private sealed class Tally
    {
        private long bytes;
        private int sent;
        private int mounted;
        private int known;

        public long Bytes => bytes;

        public int Sent => sent;

        public int Mounted => mounted;

        public int Known => known;

        public long Add(Sent one)
        {
            Interlocked.Add(ref bytes, one.Bytes);
            _ = one.As switch
            {
                SentAs.Sent => Interlocked.Increment(ref sent),
                SentAs.Mounted => Interlocked.Increment(ref mounted),
                _ => Interlocked.Increment(ref known),
            };
            return one.Bytes;
        }
    }
}
