using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes an image of a folder that somebody built, without a Dockerfile, a release or a server. Fairlead's own image is made so.</summary>
public static class PackImage
{
    private const int WordsMax = 100;

    public sealed record Input
    {
        [Description("Folder with the program; in the image it is /app.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("What to call the image, such as ghcr.io/acme/tool:1.4.")]
        public required string Name { get; init; }

        [Description("A word of the command that starts it, the program first: --run dotnet --run tool.dll")]
        public IReadOnlyList<string> Run { get; init; } = [];

        [Description("Where it listens; said in the image, and told to the program as PORT.")]
        public int Port { get; init; } = ImagePlan.Port;

        [Description(
            "What it stands on: scratch, host (this machine's own runtime) or an image such as node:22-slim. What the program needs is found when left out."
        )]
        public string? Base { get; init; }
    }

    /// <param name="Image">With the digest by which it is to be pinned.</param>
    /// <param name="Size">That travels.</param>
    /// <param name="Layout">The folder of this machine's images, an OCI layout.</param>
    public sealed record Output(
        string Image,
        string Base,
        string Platform,
        string Size,
        IReadOnlyList<LayerSize> Layers,
        IReadOnlyList<string> Notes,
        string Layout
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.pack",
            "Make an image of a folder, without a Dockerfile or a release.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead image pack ./tool --name ghcr.io/acme/tool:1.4 --run dotnet --run tool.dll"],
            // With the caller's files.
            Runs = Runs.Here,
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.Run.Count is 0 or > WordsMax || input.Port is < 1 or > ushort.MaxValue)
        {
            throw new ProblemException(WrongRun(input));
        }
        var name = ImageViews.Name(input.Name);
        var folder = engine.OpenFolder(input.Folder).Root;
        var list = await engine.Images.Folders.ListAsync(folder, stop) ?? "";
        var order = new ImageOrder(
            ShortOf(name),
            ServiceOf(input, name),
            DigestOf(list),
            BuildImage.Choice(input.Base),
            name
        );
        var ports = engine.Images with { ArtifactFolder = _ => folder };
        var made = await new ImageMaker(ports, new ListedFolder(list), engine.OpenFolder).MakeAsync(order, stop);
        return new(
            $"{made.Pinned}",
            made.Base,
            $"{made.Platform}",
            SizeReport.Text(made.Layers.Sum(static one => one.Packed)),
            made.Layers,
            made.Notes,
            engine.Images.Store.Folder
        );
    }

    private static Service ServiceOf(Input input, Model.Images.ImageReference name) =>
        new()
        {
            Name = ShortOf(name),
            Kind = Kind.Worker,
            Path = ".",
            Recipe = new() { Stack = "folder", Run = input.Run },
            Health = new(),
            Replicas = 1,
            Port = input.Port,
        };

    private static string ShortOf(Model.Images.ImageReference name) => name.Repository.Split('/')[^1];

    private static string DigestOf(string list) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));

    private static Problem WrongRun(Input input) =>
        new(
            "image.no-command",
            What: $"Nothing says how the program in {input.Folder} is started.",
            Why: $"An image needs a command of 1 to {WordsMax} words, and a port from 1 to {ushort.MaxValue}.",
            Fix: $"Say it word by word: fairlead image pack {input.Folder} --name {input.Name} --run ./server"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
