using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Compares an API's document with an older one, by what the changes do to callers.</summary>
public static class CheckOpenApi
{
    private const string Check = "openapi";

    private static readonly string[] Customary =
    [
        "openapi.yaml",
        "openapi.yml",
        "openapi.json",
        "swagger.yaml",
        "swagger.yml",
        "swagger.json",
        "docs/openapi.yaml",
        "docs/openapi.json",
        "api/openapi.yaml",
        "api/openapi.json",
    ];

    public sealed record Input
    {
        [Description("The document, from the folder; as fairlead.checks.yaml says, else openapi.yaml or the like.")]
        [Positional]
        public string? Document { get; init; }

        [Description("Folder with the document.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("What it is compared with: a file, or a file of a commit, such as main:openapi.yaml.")]
        public string? Base { get; init; }

        [Description("Changes as bad as this make it fail; breaking when left out.")]
        public ApiFail? Fail { get; init; }

        [Description("Show safe changes too.")]
        public bool All { get; init; }

        [Description("A file for CI systems as well: .xml in JUnit's form, .sarif in SARIF.")]
        public string? Report { get; init; }
    }

    /// <param name="Verdict">passed or failed.</param>
    /// <param name="Allowed">What was found and is accepted for now, with the reason.</param>
    /// <param name="Problems">Why it failed; empty when it passed.</param>
    public sealed record Output(
        string Verdict,
        string Document,
        string Base,
        int Breaking,
        int Risky,
        int Safe,
        IReadOnlyList<CheckFinding> Findings,
        IReadOnlyList<string> Allowed,
        IReadOnlyList<string> Notes,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.openapi",
            "Compare an API's document with an older one: breaking, risky and safe changes.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check openapi --base main:openapi.yaml",
                "fairlead check openapi api/openapi.json --base old.json --all --report reports/openapi.xml",
            ],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var settings = ChecksReader.Read(tree).Openapi ?? new();
        var file = DocumentOf(tree, input.Document ?? settings.Document);
        var ports = engine.OpenChecks(input.Folder);
        var fail = input.Fail ?? FailOf(settings.Fail);
        var old = input.Base ?? settings.Base ?? throw NoBase(file);
        var after = await ReadAsync(tree, file, stop);
        if (await BaseAsync(tree, ports, (old, file), stop) is not { } was)
        {
            return new(
                "passed",
                file,
                old,
                0,
                0,
                0,
                [],
                [],
                [$"There is no {old}: the API is new, and nobody knows it yet."],
                []
            );
        }
        var today = DateOnly.FromDateTime(engine.World.Now.UtcDateTime);
        var changes = ApiDiff.Of(was, after, today);
        var (open, allowed) = Allowances.Take(
            [.. changes.Select(one => View(one, file, old))],
            settings.Allow ?? [],
            today,
            Word(Impact.Breaking)
        );
        bool Stops(string severity) =>
            Enum.TryParse<Impact>(severity, ignoreCase: true, out var impact) && (int)impact >= (int)fail;
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, Stops));
        }
        var stopping = open.Where(one => Stops(one.Severity)).ToList();
        int Count(Impact impact) => open.Count(one => one.Severity == Word(impact));
        return new(
            stopping.Count == 0 ? "passed" : "failed",
            file,
            old,
            Count(Impact.Breaking),
            Count(Impact.Risky),
            Count(Impact.Safe),
            [.. open.Where(one => input.All || one.Severity != Word(Impact.Safe))],
            allowed,
            [],
            stopping.Count == 0 ? [] : [Failed(file, old, stopping)]
        );
    }

    internal static string DocumentOf(IFileTree tree, string? said) =>
        said
        ?? Array.Find(Customary, tree.FileExists)
        ?? throw Wrong(
            "check.no-document",
            $"There is no OpenAPI document in {tree.Root}.",
            $"None was named, and there is none of {string.Join(", ", Customary)}.",
            "Name it: fairlead check openapi path/to/openapi.yaml --base main:path/to/openapi.yaml"
        );

    internal static byte[] Bytes(IFileTree tree, string file) =>
        tree.ReadBytes(file)
        ?? throw Wrong(
            "check.no-file",
            $"There is no {file} in {tree.Root}.",
            "It is missing, lies outside of the folder, is larger than 32 MiB, or may not be read.",
            "Name a file of the folder."
        );

    /// <summary>The document with the files that it names.</summary>
    internal static async Task<ApiDocument> ReadAsync(IFileTree tree, string file, CancellationToken stop) =>
        ApiDocument.Of(
            await ApiFiles.ReadAsync(
                Bytes(tree, file),
                file,
                file,
                (path, _) => Task.FromResult(tree.ReadBytes(path)),
                stop
            ),
            file
        );

    private static async Task<ApiDocument?> BaseAsync(
        IFileTree tree,
        CheckPorts ports,
        (string Base, string Document) names,
        CancellationToken stop
    )
    {
        if (tree.FileExists(names.Base) || names.Base.IndexOf(':', StringComparison.Ordinal) < 1)
        {
            return await ReadAsync(tree, names.Base, stop);
        }
        var colon = names.Base.IndexOf(':', StringComparison.Ordinal);
        var revision = names.Base[..colon];
        var path = names.Base[(colon + 1)..] is { Length: > 0 } said ? said : names.Document;
        return await ports.Revisions.ReadAsync(revision, path, stop) is { } bytes
            ? ApiDocument.Of(
                await ApiFiles.ReadAsync(
                    bytes,
                    names.Base,
                    path,
                    (other, end) => ports.Revisions.ReadAsync(revision, other, end),
                    stop
                ),
                names.Base
            )
            : null;
    }

    private static CheckFinding View(ApiChange one, string file, string old) =>
        new(
            Word(one.Impact),
            one.Rule,
            one.Where,
            one.Others == 0 ? one.What
                : one.Others == 1 ? $"{one.What} (The same in another operation.)"
                : $"{one.What} (The same in {one.Others} other operations.)",
            one.Why,
            one.Impact switch
            {
                Impact.Safe => "Nothing is to be done.",
                _ =>
                    $"Keep what callers know beside what is new, or give it a version of its own; if it is meant, allow it in {ChecksFile.Name}, with a reason and a day.",
            },
            one.Rule.EndsWith("removed", StringComparison.Ordinal) && !old.Contains(':', StringComparison.Ordinal)
                ? one.Place.Text(old)
                : one.Place.Text(file)
        );

    private static string Word(Impact impact) => impact.ToString().ToLowerInvariant();

    private static ApiFail FailOf(string? said) =>
        said is null ? ApiFail.Breaking
        : Enum.TryParse<ApiFail>(said, ignoreCase: true, out var fail) ? fail
        : throw Wrong(
            "check.fail",
            $"'{said}' under openapi in {ChecksFile.Name} is no kind of change.",
            "There are: breaking, risky, and none.",
            "Write: fail: breaking"
        );

    private static ProblemException NoBase(string file) =>
        Wrong(
            "check.no-base",
            $"Nothing says what {file} is compared with.",
            "A change is one against what callers know, such as the document on the main branch.",
            $"Say it: fairlead check openapi --base main:{file}"
        );

    private static Problem Failed(string file, string old, List<CheckFinding> stopping)
    {
        const int ShownMax = 20;
        return new(
            "check.failed",
            What: $"{file} may not be released: {stopping.Count} {(stopping.Count == 1 ? "change" : "changes")} against {old} would stop callers.",
            Why: $"{stopping[0].Where}: {stopping[0].What} {stopping[0].Why}",
            Fix: stopping[0].Fix
        )
        {
            Evidence = [.. stopping.Skip(1).Take(ShownMax).Select(static one => $"{one.Where}: {one.What}")],
        };
    }

    internal static ProblemException Wrong(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });
}

/// <summary>Changes that make the check fail.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiFail>))]
public enum ApiFail
{
    /// <summary>Those that some callers may notice, and worse.</summary>
    [JsonStringEnumMemberName("risky")]
    Risky = 1,

    /// <summary>Those that make callers fail.</summary>
    [JsonStringEnumMemberName("breaking")]
    Breaking = 2,

    /// <summary>None.</summary>
    [JsonStringEnumMemberName("none")]
    None = 3,
}
