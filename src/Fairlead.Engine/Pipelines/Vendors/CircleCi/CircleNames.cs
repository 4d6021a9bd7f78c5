using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>What jobs and their combinations are called at CircleCI, each once.</summary>
internal sealed class CircleNames
{
    /// <summary>As CircleCI has it.</summary>
    public const int CombinationsMax = 128;

    /// <summary>What an entry of a workflow says of itself: no parameter can be called so.</summary>
    private static readonly HashSet<string> Taken =
    [
        "name",
        "requires",
        "filters",
        "context",
        "type",
        "matrix",
        "alias",
        "serial-group",
        "override-with",
        "pre-steps",
        "post-steps",
    ];

    private readonly Dictionary<string, string> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> holds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> entries = new(StringComparer.Ordinal);

    public CircleNames(Pipeline pipeline)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in pipeline.Jobs)
        {
            jobs[job.Name] = Foreign.Free(Begun(job.Name), taken);
        }
        foreach (var job in pipeline.Jobs)
        {
            if (job.Manual)
            {
                holds[job.Name] = Foreign.Free($"hold-{Of(job.Name)}", taken);
            }
            entries[job.Name] =
                job.Matrix is { } matrix && !IsPlain(matrix)
                    ?
                    [
                        .. Combinations(matrix)
                            .Select(
                                (_, at) =>
                                    Foreign.Free(
                                        string.Create(CultureInfo.InvariantCulture, $"{Of(job.Name)}-{at + 1}"),
                                        taken
                                    )
                            ),
                    ]
                    : [Of(job.Name)];
        }
        Thin = Begun(pipeline.Name);
    }

    /// <summary>The only job of a thin file.</summary>
    public string Thin { get; }

    public string Of(string job) => jobs[job];

    /// <summary>The approval that a job waits for.</summary>
    public string Hold(string job) => holds[job];

    /// <summary>A job's entries in the workflow: one, unless CircleCI's matrix cannot say its combinations.</summary>
    public IReadOnlyList<string> Entries(string job) => entries[job];

    /// <summary>Whether CircleCI's own matrix says it: axes, and whole combinations that are left out.</summary>
    public static bool IsPlain(Matrix matrix) =>
        matrix.Include.Count == 0
        && matrix.Exclude.All(one => one.Count == matrix.Axes.Count)
        && Matrices.Combinations(matrix).Count is > 0 and <= CombinationsMax;

    /// <summary>As many as CircleCI takes.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Combinations(Matrix matrix) =>
        [.. Matrices.Combinations(matrix).Take(CombinationsMax)];

    /// <summary>The parameters of a job for the variables of its matrix.</summary>
    public static OrderedDictionary<string, string> Parameters(Matrix? matrix)
    {
        var parameters = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (matrix is null)
        {
            return parameters;
        }
        var taken = new HashSet<string>(Taken, StringComparer.Ordinal);
        foreach (
            var variable in matrix
                .Axes.Select(static one => one.Name)
                .Concat(matrix.Include.SelectMany(static one => one.Keys))
        )
        {
            if (!parameters.ContainsKey(variable))
            {
                var name = Begun(Foreign.Named(variable)).ToLowerInvariant();
                parameters[variable] = Foreign.Free(Taken.Contains(name) ? $"of-{name}" : name, taken);
            }
        }
        return parameters;
    }

    /// <summary>Names begin with a letter there.</summary>
    private static string Begun(string name) => char.IsAsciiLetter(name[0]) ? name : $"job{name}";
}
