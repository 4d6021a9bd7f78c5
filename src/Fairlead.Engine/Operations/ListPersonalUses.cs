using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Operations;

/// <summary>The personal data that an app declares, with what its declarations leave open; needs no server.</summary>
public static class ListPersonalUses
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }
    }

    /// <param name="Data">What kind of it; special kinds say so.</param>
    public sealed record Row(
        string Service,
        string Data,
        string Purpose,
        string Subjects,
        string Basis,
        string Retention,
        string Processors
    );

    /// <param name="Data">What the services get.</param>
    public sealed record ProcessorRow(string Processor, string Data);

    /// <param name="Gaps">What is left open, each a sentence.</param>
    public sealed record Output(
        string App,
        IReadOnlyList<Row> Inventory,
        IReadOnlyList<ProcessorRow> ProcessorList,
        IReadOnlyList<string> Gaps
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "privacy.inventory",
            "List the personal data that an app declares, who gets it, and what is left open.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead privacy inventory"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var app = NetworkApps.Load(engine, input.Folder, input.Environment);
        List<PersonalUse> uses = [.. app.Services.SelectMany(one => one.Data)];
        return Task.FromResult(
            new Output(
                app.App,
                [.. uses.Select(RowOf)],
                [
                    .. uses.SelectMany(use => use.Processors.Select(name => (name, use)))
                        .GroupBy(one => one.name)
                        .OrderBy(group => group.Key, StringComparer.Ordinal)
                        .Select(group => new ProcessorRow(
                            group.Key,
                            string.Join(", ", group.Select(one => $"{one.use.Category} ({one.use.Service})").Distinct())
                        )),
                ],
                [
                    .. uses.Where(use => use.Gaps.Any())
                        .Select(use => $"{use.Service} does not say of {use.Category}: {string.Join(", ", use.Gaps)}."),
                    .. app
                        .Services.Where(one => one.Data.Count == 0)
                        .Select(one =>
                            $"{one.Service.Name} declares no personal data, which does not mean that it has none."
                        ),
                ]
            )
        );
    }

    private static Row RowOf(PersonalUse use) =>
        new(
            use.Service,
            use.IsSpecial ? $"{use.Category} (special)" : use.Category,
            use.Purpose,
            use.Subjects ?? "?",
            use.Basis is { } basis ? Word(basis) : "?",
            use.Retention ?? "?",
            use.Processors.Count == 0 ? "none" : string.Join(", ", use.Processors)
        );

    private static string Word(LawfulBasis basis) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(basis.ToString());
}
