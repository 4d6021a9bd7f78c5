using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Sources;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Deploys an app from a git repository from now on: one branch to one environment, others to previews.</summary>
public static class AddSource
{
    private const int HookSecretBytes = 32;

    public sealed record Input
    {
        [Description("App name, as in the manifest: the only one that it may deploy.")]
        [Positional]
        [Names("app")]
        public required string App { get; init; }

        [Description("The repository, such as https://github.com/acme/shop.git or git@github.com:acme/shop.git.")]
        public required string Url { get; init; }

        [Description("The source's name; one that is known is changed. The app's name when left out.")]
        public string? Name { get; init; }

        [Description("The branch that is deployed.")]
        public string Branch { get; init; } = "main";

        [Description("The environment that it is deployed to, as in the manifest.")]
        public string Environment { get; init; } = "production";

        [Description("Where in the repository the fairlead.yaml is; its top when left out.")]
        public string SourceFolder { get; init; } = ".";

        [Description("Only a change of these files is worth a deployment, such as 'shop/**' and '!**/*.md'.")]
        public IReadOnlyList<string> Path { get; init; } = [];

        [Description("Run the repository's pipeline first; what fails in it is not deployed.")]
        public bool Pipeline { get; init; }

        [Description("How often to look without a webhook, such as 60s, at least 5s.")]
        public string Poll { get; init; } = "60s";

        [Description("The repository stands on this machine or in its network, so it may be asked there.")]
        public bool Inside { get; init; }

        [Description(
            "A host beside the repository's own that its submodules may come from, such as gitlab.example.com."
        )]
        public IReadOnlyList<string> SubmoduleHost { get; init; } = [];

        [Description("The secret of this app and environment with the token that reads the repository and comments.")]
        public string? Token { get; init; }

        [Description("What comments and statuses are told to; found from well-known addresses when left out.")]
        public ForgeKind? Forge { get; init; }

        [Description("Where the forge's API is, when not where it usually is, such as https://git.example.com/api/v1.")]
        public string? Api { get; init; }

        [Description("Branches that get a preview, such as 'feature/*'; '**' for all but the deployed one.")]
        public IReadOnlyList<string> Preview { get; init; } = [];

        [Description("The environment of the manifest that previews are made like, with its secrets.")]
        public string PreviewLike { get; init; } = "preview";

        [Description("The previews' host, with {branch} and {app}; '{branch}.{app}.localhost' when left out.")]
        public string? PreviewHost { get; init; }

        [Description("So long after its latest commit a preview ends, such as 72h.")]
        public string PreviewTtl { get; init; } = "72h";

        [Description("More previews than these there are never.")]
        [Range(1, 100)]
        public int PreviewMax { get; init; } = 10;

        [Description("What becomes of data in previews: none, empty, or copy-of:ENV.")]
        public string PreviewData { get; init; } = "none";

        [Description("The command that makes a preview's data, once; it finds FAIRLEAD_DATA and FAIRLEAD_DATA_FROM.")]
        public string? PreviewPrepare { get; init; }

        [Description("The command that takes it away when the preview is gone.")]
        public string? PreviewCleanup { get; init; }
    }

    /// <param name="HookPath">Where webhooks are sent: this path of any host that the edge answers for, by POST.</param>
    /// <param name="HookSecret">What the sender proves them with; shown when it is made, and never again.</param>
    public sealed record Output(
        string Source,
        string Deploys,
        string HookPath,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HookSecret,
        string Note
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "source.add",
            "Deploy an app from a git repository from now on: a branch, and previews of others.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead source add shop --url https://github.com/acme/shop.git --token GIT_TOKEN --pipeline",
                "fairlead source add shop --url git@github.com:acme/shop.git --branch develop --env staging --name shop-staging",
                "fairlead source add shop --url https://github.com/acme/shop.git --preview 'feature/*' --preview-host '{branch}.preview.example.com'",
            ],
            Needs = Need.OfNamed(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var maker = engine.Caller;
        CheckMaker(maker);
        var source = SourceReading.Of(input, new(maker.Id, maker.Name));
        Demand(source, engine);
        var parts = engine.Server.Sources;
        var before = await BeforeAsync(source, engine, stop);
        var secret = await HookSecretAsync(engine, source, stop);
        if (source.TokenSecret is { } token)
        {
            await SourceSecrets.OpenAsync(engine.Server.Vault, source, token, stop);
        }
        if (before is not null && before.Url != source.Url)
        {
            parts.Mirrors.Remove(source.Name);
        }
        await parts.Book.KeepAsync(source, $"{source.Name}: {Deploys(source)}, by {maker}", stop);
        parts.Keeper.Ring(source.Name);
        return new(
            source.Name,
            Deploys(source),
            $"/.fairlead/hooks/{source.Name}",
            secret,
            secret is null
                ? "Its webhooks have the secret that they had."
                : $"Send webhooks of pushes there, as JSON, with this secret. It is not shown again. Without any, it is looked every {input.Poll}."
        );
    }

    private static void CheckMaker(Principal maker)
    {
        if (maker.Kind is not (PrincipalKind.Owner or PrincipalKind.Person))
        {
            throw new ProblemException(
                AccessProblems.NotAllowed(
                    maker,
                    "add a source",
                    new(false, "a program does not let others deploy for ever")
                )
            );
        }
    }

    private static void Demand(GitSource source, EngineContext engine)
    {
        engine.Demand(Permission.Deploy, source.Site);
        if (source.IsInside && engine.Standing?.MayAll(Permission.Operate) is false)
        {
            // What stands inside is not a deployer's to be read, as with every address that somebody chose.
            throw new ProblemException(
                AccessProblems.NotAllowed(
                    engine.Caller,
                    "read a repository inside",
                    new(false, "only who operates the whole platform may name one with --inside")
                )
            );
        }
        if (source.Previews is { } previews)
        {
            // Its name is not known yet, and any of them is meant.
            engine.Demand(Permission.Deploy, new(source.App, BranchSlug.Environment("any")));
            // Its secrets are copied to where the branch's author can print them.
            engine.Demand(Permission.Deploy, new(source.App, previews.Like));
        }
    }

    /// <summary>The source of this name as it was; null when it is new.</summary>
    private static async Task<GitSource?> BeforeAsync(GitSource source, EngineContext engine, CancellationToken stop)
    {
        var known = await engine.Server.Sources.Book.AllAsync(stop);
        var before = known.FirstOrDefault(one => one.Name == source.Name);
        if (before is not null && before.App != source.App)
        {
            engine.Demand(Permission.Deploy, before.Site);
            throw new ProblemException(Taken(before));
        }
        if (before is null && known.Count >= SourceBook.SourcesMax)
        {
            throw new ProblemException(
                SourceReading.Wrong(
                    "full",
                    source.Name,
                    $"There are {SourceBook.SourcesMax}, which are the most.",
                    "fairlead source remove NAME"
                )
            );
        }
        return before;
    }

    internal static string Deploys(GitSource source) =>
        $"{source.Branch} of {source.Url} to {source.Site}"
        + (source.Folder == "." ? "" : $", from {source.Folder}")
        + (source.RunsPipeline ? ", after its pipeline" : "")
        + (
            source.Previews is { } previews
                ? $"; previews of {string.Join(", ", previews.Branches)} like {previews.Like} at {previews.Host}, data {previews.Data}"
                : ""
        );

    // In the vault like every other, so that it is hidden, sealed and can be set anew.
    private static async Task<string?> HookSecretAsync(EngineContext engine, GitSource source, CancellationToken stop)
    {
        var vault = engine.Server.Vault;
        if ((await vault.FindAsync(source.Site, source.HookSecret, stop))?.Newest is not null)
        {
            return null;
        }
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(HookSecretBytes));
        await vault.AddAsync(
            (source.Site, source.HookSecret),
            new Secret(made),
            (engine.Caller.ToString(), $"made for webhooks of {source.Name}"),
            change: null,
            stop
        );
        return made;
    }

    private static Problem Taken(GitSource before) =>
        SourceReading.Wrong(
            "name",
            before.Name,
            $"It is the source of {before.App}, and deploys no other app.",
            "Write for example: --name shop-main"
        );
}
