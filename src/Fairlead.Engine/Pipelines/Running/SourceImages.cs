using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>
/// Puts the source of a job into an image, on the image that the job asks for, and sends it to a registry. The same source on the same image is the
/// same image, of which a registry that has it takes nothing again.
/// </summary>
public sealed class SourceImages(ImagePorts ports, Func<string, IFileTree> open)
{
    private const string Repository = "fairlead-ci";
    private const int TagLetters = 12;

    // Jobs that begin together want the same layers, of which the store takes each from one at a time.
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>What an image is now.</summary>
    /// <exception cref="ProblemException">Its name is none, or its registry does not have it.</exception>
    public async Task<string> ResolveAsync(string image, CancellationToken stop) =>
        $"{(await ports.Registry.ResolveAsync(Name(image), stop)).Digest}";

    /// <param name="workspace">The folder with the source, absolute.</param>
    /// <param name="image">That it is put on.</param>
    /// <param name="registry">Where the cluster fetches from, such as <c>registry.lan/team</c>.</param>
    /// <returns>The image by its digest.</returns>
    /// <exception cref="ProblemException">It cannot be made, or the registry does not take it.</exception>
    public async Task<string> SendAsync(string workspace, RoomImage image, string registry, CancellationToken stop)
    {
        await Turn.WaitAsync(stop);
        try
        {
            return await SendAloneAsync(workspace, image, registry, stop);
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task<string> SendAloneAsync(
        string workspace,
        RoomImage image,
        string registry,
        CancellationToken stop
    )
    {
        var list = await ports.Folders.ListAsync(workspace, stop) ?? "";
        var source = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));
        var on = Digest.TryParse(image.Digest, out var digest) ? Name(image.Name).At(digest) : Name(image.Name);
        var to = Name($"{registry.TrimEnd('/')}/{Repository}:{source[..TagLetters]}");
        var maker = new ImageMaker(ports with { ArtifactFolder = _ => workspace }, new ListedFolder(list), open);
        var made = await maker.MakeAsync(
            new ImageOrder(Repository, Unrun(), source, new BaseChoice.Image(on), to),
            stop
        );
        var sent = await ports.Registry.PushAsync(made.Image, to, stop);
        return $"{to.At(sent.Pinned.Digest ?? made.Image.Digest)}";
    }

    // What is run in it, each job says itself.
    private static Service Unrun() =>
        new()
        {
            Name = "source",
            Kind = Kind.Job,
            Path = ".",
            Recipe = new() { Stack = "folder", Run = ["true"] },
            Health = new(),
            Replicas = 1,
        };

    private static ImageReference Name(string text) =>
        ImageReference.TryParse(text, out var fault)
        ?? throw new ProblemException(
            new Problem(
                "image.name",
                What: $"'{text}' is no image.",
                Why: fault!, // There is a fault where there is no image.
                Fix: "Correct 'image' of the job, or --registry."
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
