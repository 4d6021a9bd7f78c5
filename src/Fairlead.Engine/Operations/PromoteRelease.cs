using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Brings what is live in one environment to another: the same artifacts byte for byte, with the other environment's configuration.</summary>
public static class PromoteRelease
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public required string App { get; init; }

        [Description("The environment that it is live in.")]
        public required string From { get; init; }

        [Description("The environment that it goes to, as in the manifest.")]
        public required string To { get; init; }

        [Description("Its release number there; the live one when left out.")]
        public int? Release { get; init; }

        [Description("Let a deployment under way end first, instead of taking its place.")]
        public bool Queue { get; init; }
    }

    /// <param name="Deployment">Null when nothing had to be done.</param>
    /// <param name="Artifacts">What goes there, by service: the digest of what is run, and nothing else will be.</param>
    public sealed record Output(
        DeploymentView? Deployment,
        string Summary,
        string? Commit,
        IReadOnlyDictionary<string, string> Artifacts
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "release.promote",
            "Bring what is live in one environment to another: the same artifacts, not built again.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead release promote shop --from staging --to production"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (input.From == input.To)
        {
            throw new ProblemException(Wrong(input));
        }
        var release = await LiveReleases.OfAsync(engine, input.App, input.From, input.Release, stop);
        await CheckLiveAsync(release, engine, stop);
        var to = new Site(input.App, input.To);
        engine.Demand(Permission.Deploy, to);
        var candidate = await ReadAsync(release, input.To, engine, stop);
        var problems = new List<Problem>();
        foreach (var service in release.Services)
        {
            problems.AddRange(await DoubtsAsync(service, candidate, engine, stop));
        }
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
        var (deployment, _) = await Deploy.ShipAsync(candidate, engine, input.Queue, stop);
        return new(
            deployment is null ? null : await DeploymentViews.OfAsync(engine.Server, deployment, stop),
            deployment is null
                ? $"{release} of {input.From} is live in {input.To} already."
                : $"{release} of {input.From} is on its way to {input.To}, as {deployment}.",
            release.Commit,
            release.Services.ToDictionary(static one => one.Service.Name, static one => one.Artifact)
        );
    }

    // What nobody ever saw live is not promoted.
    private static async Task CheckLiveAsync(Release release, EngineContext engine, CancellationToken stop)
    {
        var record = await Sites.FindAsync(engine.Server, release.Site.App, release.Site.Environment, stop);
        if (record.Live != release.Number && !record.History.Contains(release.Number))
        {
            throw new ProblemException(
                new Problem(
                    "release.never-live",
                    What: $"{release} cannot be promoted from {release.Site.Environment}.",
                    Why: $"It was never live there; {record.Live?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} is.",
                    Fix: $"See which were: fairlead releases {release.Site.App} --env {release.Site.Environment}"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
    }

    // The manifest of the same source says how it is configured there; what runs is said by the release alone.
    private static async Task<Candidate> ReadAsync(
        Release release,
        string environment,
        EngineContext engine,
        CancellationToken stop
    )
    {
        try
        {
            var (candidate, _) = await Candidates.ReadAsync(engine, release.Source, environment, [], stop);
            return candidate.Site.App == release.Site.App
                ? candidate with
                {
                    Commit = release.Commit,
                    CommittedAt = release.CommittedAt,
                }
                : throw new ProblemException(Moved(release, "It holds another app now."));
        }
        catch (ProblemException caught) when (caught.Problem.Code is "manifest.missing" or "build.no-source")
        {
            throw new ProblemException(Moved(release, caught.Problem.Why), caught);
        }
    }

    private static async Task<IReadOnlyList<Problem>> DoubtsAsync(
        ReleasedService service,
        Candidate candidate,
        EngineContext engine,
        CancellationToken stop
    )
    {
        var there = candidate.Services.FirstOrDefault(one => one.Service.Name == service.Service.Name);
        if (there is null || there.Artifact != service.Artifact)
        {
            return [Differs(service, there, candidate)];
        }
        var view = await engine.Server.Conductor.Ports.Builder.ObserveAsync(service.Artifact, stop);
        if (view.State is not BuildState.Done)
        {
            return [NotThere(service)];
        }
        if (service.Service.Container?.Image is not null)
        {
            return []; // An image that others made has no papers of ours; its digest says what it is.
        }
        var proof = await ProvenTarget.ProveAsync(
            engine.Scanning.Papers,
            engine.Scanning.Signer,
            service.Artifact,
            stop
        );
        return proof.Problem is { } problem ? [problem with { What = $"{service.Part}: {problem.What}" }] : [];
    }

    private static Problem Wrong(Input input) =>
        new(
            "release.same-environment",
            What: $"{input.App} cannot be promoted from {input.From} to itself.",
            Why: "There have to be two environments.",
            Fix: $"Write for example: fairlead release promote {input.App} --from staging --to production"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Moved(Release release, string why) =>
        new(
            "release.source-moved",
            What: $"{release} of {release.Site.Environment} cannot be promoted.",
            Why: $"How it is configured elsewhere is said in {release.Source}, which is not what it was made of any more. {why}",
            Fix: "Deploy it there anew and promote that. Deployed from git, a release keeps its source: fairlead source add"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem Differs(ReleasedService service, CandidateService? there, Candidate candidate) =>
        new(
            "release.not-the-same",
            What: $"{service.Part} would not be the same in {candidate.Site.Environment}.",
            Why: there is null
                ? $"The manifest in {candidate.Source} has no such service any more."
                : $"It was built as {service.Artifact[..16]}; from {candidate.Source}, for {candidate.Site.Environment}, it would be built as {there.Artifact[..16]}: its source has changed since, or it is built another way there.",
            Fix: "Deploy what is in the folder now, and promote that. Deployed from git, a release keeps its source: fairlead source add"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private static Problem NotThere(ReleasedService service) =>
        new(
            "release.artifact-gone",
            What: $"{service.Part} cannot be promoted: what was built is not there any more.",
            Why: $"The artifact {service.Artifact[..16]} was removed since, and a new one would not be what was tried.",
            Fix: "Deploy it anew, and promote that."
        )
        {
            Trouble = Trouble.Conflict,
        };
}
