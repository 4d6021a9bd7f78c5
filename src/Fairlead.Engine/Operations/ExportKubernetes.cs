using System.ComponentModel;
using Fairlead.Engine.Exporting;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Writes an app as Kubernetes' objects, for those who apply them by themselves; needs no server and no cluster.</summary>
public static class ExportKubernetes
{
    private const int ImagesMax = 100;
    private const int LettersMax = 500;

    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Image of a service that is built, such as api=ghcr.io/acme/api@sha256:…")]
        public IReadOnlyList<string> Image { get; init; } = [];

        [Description("Namespace, which holds nothing else; APP-ENVIRONMENT when left out.")]
        public string? Namespace { get; init; }

        [Description("manifests, kustomize or helm.")]
        public KubernetesShape As { get; init; }

        [Description("Who leads requests of hosts to services: ingress, gateway or none.")]
        public KubernetesRoutes Routes { get; init; }

        [Description("Name of the Gateway that routes hang on.")]
        public string Gateway { get; init; } = "gateway";

        [Description("Write canaries and blue-greens as Rollouts of Argo.")]
        public bool Rollouts { get; init; }

        [Description("Also write an Application by which Argo CD follows these files in this repository of Git.")]
        public string? Argocd { get; init; }

        [Description("Folder of the files in that repository; APP/ENVIRONMENT when left out.")]
        public string? ArgocdPath { get; init; }

        [Description("Branch, tag or commit of that repository.")]
        public string ArgocdRevision { get; init; } = "HEAD";

        [Description("The cluster's version.")]
        public string For { get; init; } = "1.30";

        [Description("Write files below this folder instead of showing them; none may be there yet.")]
        public string? To { get; init; }
    }

    /// <param name="Text">All files one behind the other; null when they were written.</param>
    /// <param name="Files">Those that were written.</param>
    public sealed record Output(string? Text, IReadOnlyList<string> Files, IReadOnlyList<string> Warnings);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "export.kubernetes",
            "Write an app as objects of Kubernetes: plain, for Kustomize, or as a chart of Helm.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead export kubernetes --image api=ghcr.io/acme/api:1.4.2 | kubectl apply -f -",
                "fairlead export kubernetes --as helm --to chart --image api=ghcr.io/acme/api:1.4.2",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var app = NetworkApps.Load(engine, input.Folder, input.Environment);
        var settings = new KubernetesSettings(
            NetworkApps.NamespaceOf(input.Namespace, app.Site),
            Images(input.Image, app)
        )
        {
            Routes = input.Routes,
            Gateway = input.Gateway,
            Minor = KubernetesSettings.MinorOf(input.For),
            HasRollouts = input.Rollouts,
            Argo = input.Argocd is { } repository
                ? ArgoSource.Of(
                    repository,
                    input.ArgocdPath ?? $"{app.Site.App}/{app.Site.Environment}",
                    input.ArgocdRevision
                )
                : null,
        };
        var (files, warnings) = KubernetesFiles.Write(app, input.As, settings);
        IReadOnlyList<string> all = [.. app.Warnings, .. warnings];
        if (input.To is not { } folder)
        {
            var text = string.Concat(
                files.Select(file => input.As is KubernetesShape.Manifests ? file.Text : $"# {file.Path}\n{file.Text}")
            );
            return Task.FromResult(new Output(text, [], all));
        }
        foreach (var file in files)
        {
            engine.WriteNewFile(Path.Combine(Path.GetFullPath(folder, input.Folder), file.Path), file.Text);
        }
        return Task.FromResult(new Output(null, [.. files.Select(file => file.Path)], all));
    }

    private static Dictionary<string, string> Images(IReadOnlyList<string> lines, LoadedApp app)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Take(ImagesMax))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var (name, image) = equals > 0 ? (line[..equals], line[(equals + 1)..]) : ("", "");
            if (image.Length is 0 or > LettersMax || image.Any(letter => letter is <= ' ' or > '~'))
            {
                throw Wrong(line, "It has to be of the form service=image.");
            }
            if (!app.Services.Any(one => one.Service.Name == name))
            {
                throw Wrong(
                    line,
                    $"The app has no service '{name}', only: {string.Join(", ", app.Services.Select(one => one.Service.Name))}."
                );
            }
            images[name] = image;
        }
        var missing = app
            .Services.Select(one => one.Service)
            .Where(service => service.Container?.Image is null && !images.ContainsKey(service.Name))
            .Select(service => service.Name)
            .ToList();
        return missing.Count == 0
            ? images
            : throw new ProblemException(
                new Problem(
                    "export.no-image",
                    What: $"Nothing says which image {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")}.",
                    Why: "Kubernetes runs images alone, also for files; the manifest says how to build a program.",
                    Fix: $"Say it by digest: {string.Join(' ', missing.Select(name => $"--image {name}=REGISTRY/{name}@sha256:…"))}"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    private static ProblemException Wrong(string line, string why) =>
        new(
            new Problem(
                "export.wrong-image",
                What: $"--image cannot be read: {line}",
                Why: why,
                Fix: "Write for example: --image api=ghcr.io/acme/api:1.4.2"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
