using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>What a system that begins every combination of a matrix by itself cannot do with it.</summary>
/// <param name="System">As people call it.</param>
/// <param name="CombinationsMax">How many it takes; null for any number.</param>
/// <param name="Starts">How many it begins at once; null when the matrix may say it.</param>
internal sealed record MatrixLimits(string System, int? CombinationsMax, string? Starts)
{
    /// <summary>The combinations that it takes, after everything else was said.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Taken(Job job, TranslationNotes notes)
    {
        if (job.Matrix is not { } matrix)
        {
            return [];
        }
        var all = Matrices.Combinations(matrix);
        if (all.Count > CombinationsMax)
        {
            notes.LeftOut(
                job.Name,
                $"Its matrix has {all.Count} combinations.",
                $"{System} takes {CombinationsMax}: the others are not run."
            );
        }
        if (matrix.FailsFast)
        {
            notes.LeftOut(job.Name, "The first combination that fails ends the others.", $"{System} lets them go on.");
        }
        if (matrix.Parallel is { } many && Starts is not null)
        {
            notes.LeftOut(job.Name, $"At most {many} combinations go at the same time.", $"{System} starts {Starts}.");
        }
        return CombinationsMax is { } max ? [.. all.Take(max)] : all;
    }
}
