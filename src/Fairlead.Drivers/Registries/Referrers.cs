using System.Net;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// What is attached to an image: by the registry's own list (OCI distribution 1.1), or for older registries by an index under a tag
/// that is made of the image's digest, which clients keep themselves.
/// </summary>
internal sealed class Referrers(Registry registry)
{
    private const int ListedMax = 1000;

    public async Task<IReadOnlyList<Descriptor>> ListAsync(
        ImageReference image,
        Digest digest,
        Call call,
        CancellationToken stop
    )
    {
        var address = new Uri(call.Asked.Root, $"{image.Repository}/referrers/{digest}");
        using var response = await registry.SendAsync(() => new(HttpMethod.Get, address), call, stop);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Read(
                await registry.BodyAsync(response, ManifestReader.BytesMax, call, stop),
                call.Asked
            ),
            HttpStatusCode.NotFound => await TaggedAsync(image, digest, call, stop),
            _ => throw await registry.RefusedAsync(response, call, stop),
        };
    }

    /// <summary>Adds to the index under the tag. Two who add at the same moment can lose one; the one who lost pushes again.</summary>
    public async Task AddAsync(ImageReference image, Digest subject, Descriptor attached, CancellationToken stop)
    {
        var call = registry.CallOf(image, "keep what is attached", Scopes.Push(image));
        var before = await TaggedAsync(image, subject, call, stop);
        var after = before
            .Where(one => one.Digest != attached.Digest)
            .Append(attached with { Platform = null })
            .TakeLast(ListedMax);
        var bytes = ImageJson.Write(new Manifest.Index(MediaTypes.Index, [.. after]));
        await registry.PutAsync(ImageJson.Describe(MediaTypes.Index, bytes), bytes, (image, TagOf(subject)), stop);
    }

    internal static string TagOf(Digest digest) => $"sha256-{digest.Hex}";

    private async Task<IReadOnlyList<Descriptor>> TaggedAsync(
        ImageReference image,
        Digest digest,
        Call call,
        CancellationToken stop
    )
    {
        try
        {
            return
                (await registry.FetchAsync(image.Tagged(TagOf(digest)), call, null, stop)).Manifest
                    is Manifest.Index index
                ? index.Manifests
                : [];
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotFound)
        {
            return [];
        }
    }

    private static IReadOnlyList<Descriptor> Read(byte[] body, Asked asked)
    {
        try
        {
            return ManifestReader.Read(body, MediaTypes.Index).Parts;
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(RegistryProblems.Answer(asked, caught.Message), caught);
        }
    }
}
