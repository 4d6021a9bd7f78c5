using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Makes images of a release, one for each service that is a program, without a Dockerfile.</summary>
public static class BuildImage
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Release number; the live one when left out.")]
        public int? Release { get; init; }

        [Description("Only this service.")]
        [Names("service")]
        public string? Service { get; init; }

        [Description(
            "What it stands on: scratch, host (this machine's own runtime) or an image such as node:22-slim. What the program needs is found when left out."
        )]
        public string? Base { get; init; }

        [Description("Platform of the base, such as linux/arm64; this machine's when left out.")]
        public string? Platform { get; init; }

        [Description(
            "Repository to name it for, such as ghcr.io/shop; APP/SERVICE and the release's number are added."
        )]
        public string? Repository { get; init; }

        [Description("Send it there when it is built.")]
        public bool Push { get; init; }
    }

    public sealed record Output(string Release, IReadOnlyList<ImageView> Images);

    /// <param name="Image">With the digest by which it is to be pinned.</param>
    /// <param name="Size">That travels.</param>
    /// <param name="Pushed">What was sent; null when nothing was.</param>
    public sealed record ImageView(
        string Service,
        string Image,
        string Base,
        string Platform,
        string Size,
        IReadOnlyList<LayerSize> Layers,
        IReadOnlyList<string> Notes,
        string? Pushed
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "image.build",
            "Make images of a release, one for each service, without a Dockerfile.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead image build shop", "fairlead image build shop --repository ghcr.io/shop --push"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, input.Release, stop);
        var choice = Choice(input.Base);
        if (choice is BaseChoice.Image || input.Push)
        {
            // The server's logins are used for an address of the caller's choice.
            engine.Demand(Permission.Operate, release.Site);
        }
        var services = Chosen(release, input.Service);
        var maker = new ImageMaker(engine.Images, engine.Scanning.Papers, engine.OpenFolder);
        var views = new List<ImageView>();
        foreach (var service in services)
        {
            var name = ImageViews.Name(
                $"{(input.Repository ?? "localhost").TrimEnd('/')}/{release.Site.App}/{service.Service.Name}:{release.Number}"
            );
            var order = new ImageOrder(release.Site.App, service.Service, service.Artifact, choice, name)
            {
                Release = release,
                Platform = ImageViews.Platform(input.Platform, engine.Images),
            };
            var made = await maker.MakeAsync(order, stop);
            var sent = input.Push ? await engine.Images.Registry.PushAsync(made.Image, name, stop) : null;
            views.Add(
                new(
                    service.Service.Name,
                    $"{made.Pinned}",
                    made.Base,
                    $"{made.Platform}",
                    SizeReport.Text(made.Layers.Sum(static one => one.Packed)),
                    made.Layers,
                    made.Notes,
                    sent is null ? null : PushImage.Text(sent)
                )
            );
        }
        return new(release.ToString(), views);
    }

    internal static BaseChoice Choice(string? text)
    {
        try
        {
            return BaseChoice.Of(text);
        }
        catch (FormatException)
        {
            return new BaseChoice.Image(ImageViews.Name(text!)); // Null is a choice: it is the name that is wrong, and this says how.
        }
    }

    private static IReadOnlyList<ReleasedService> Chosen(Release release, string? service)
    {
        IReadOnlyList<ReleasedService> chosen =
        [
            .. release.Services.Where(one => service is null ? !one.Service.IsStatic : one.Service.Name == service),
        ];
        return chosen.Count > 0
            ? chosen
            : throw new ProblemException(
                new Problem(
                    "image.no-service",
                    What: service is null
                        ? $"{release} has no program to make an image of."
                        : $"{release} has no service '{service}'.",
                    Why: $"It has: {string.Join(", ", release.Services.Select(static one => one.Service.Name + (one.Service.IsStatic ? " (files that the edge serves)" : "")))}.",
                    Fix: $"Name one of them: fairlead image build {release.Site.App} --service NAME"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
