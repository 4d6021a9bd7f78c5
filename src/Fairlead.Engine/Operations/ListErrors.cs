using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>The errors of an app, each once, and how many sessions they ended.</summary>
public static class ListErrors
{
    private const int Max = 50;

    public sealed record Input
    {
        [Description("App name; all apps when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("unresolved, regressed, resolved, ignored or all; unresolved and regressed ones when left out.")]
        public string? Status { get; init; }

        [Description("Only those that this release brought.")]
        [Names("release")]
        public int? Release { get; init; }
    }

    /// <param name="NewErrors">How many the release brought, as a gate counts them; null when none was named.</param>
    public sealed record Output(IReadOnlyList<View> Errors, int? NewErrors, IReadOnlyList<Health> Sessions);

    /// <param name="Release">The first release that it was seen in.</param>
    /// <param name="Users">About how many were hit.</param>
    public sealed record View(
        string Id,
        string App,
        string Title,
        string Where,
        string Status,
        long Count,
        long Users,
        int? Release,
        DateTimeOffset LastSeen,
        string? Assignee
    );

    /// <summary>Sessions of one release.</summary>
    /// <param name="Release">0 when it is not known.</param>
    /// <param name="CrashFreePercent">Sessions that no error ended.</param>
    public sealed record Health(int Release, long Sessions, long Errored, long Crashed, double? CrashFreePercent);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "error.list",
            "List an app's errors, those seen last first.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead error list shop", "fairlead error list shop --release 43"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var statuses = StatusesOf(input.Status);
        var server = engine.Server;
        var site =
            input.App is null && input.Environment is null
                ? null
                : (await Sites.FindAsync(server, input.App, input.Environment, stop)).Site;
        var groups = new List<ErrorGroup>();
        foreach (var status in statuses)
        {
            groups.AddRange(await server.Errors.ListAsync(new(site, status, input.Release, Max), stop));
        }
        var brought =
            site is not null && input.Release is { } release
                ? await ReleaseErrors.NewAsync(server.Errors, site, release, stop)
                : null;
        return new(
            [.. groups.OrderByDescending(group => group.LastSeen).Take(Max).Select(Of)],
            brought?.Count,
            site is null ? [] : await HealthAsync(server, site, engine.World.Now, stop)
        );
    }

    internal static View Of(ErrorGroup group) =>
        new(
            group.Id,
            group.Site.ToString(),
            group.Title,
            group.Culprit,
            Words.Of(group.Status),
            group.Count,
            group.Users.Count,
            group.FirstRelease,
            group.LastSeen,
            group.Assignee
        );

    private static async Task<IReadOnlyList<Health>> HealthAsync(
        ServerSide server,
        Site site,
        DateTimeOffset now,
        CancellationToken stop
    ) =>
        [
            .. (await server.Errors.SessionsAsync(site, now.AddDays(-7), stop))
                .Take(5)
                .Select(one => new Health(
                    one.Release,
                    one.Started,
                    one.Errored,
                    one.Crashed,
                    one.CrashFreePercent is { } percent ? Math.Round(percent, 2) : null
                )),
        ];

    private static GroupStatus?[] StatusesOf(string? word) =>
        word switch
        {
            null => [GroupStatus.Unresolved, GroupStatus.Regressed],
            "all" => [null],
            _ => Enum.TryParse<GroupStatus>(word, ignoreCase: true, out var status) && Words.Of(status) == word
                ? [status]
                : throw new ProblemException(
                    new Problem(
                        "error.status",
                        What: $"'{word}' is no status of an error.",
                        Why: "An error is unresolved, regressed, resolved or ignored.",
                        Fix: "Write for example: fairlead error list --status all"
                    )
                    {
                        Trouble = Trouble.WrongUse,
                    }
                ),
        };

    private static class Words
    {
        public static string Of(GroupStatus status) => status.ToString().ToLowerInvariant();
    }
}
