namespace Fairlead.Engine.Pipelines.Running;

/// <summary>How a run is to be done.</summary>
/// <param name="Cores">How many the machine has for it, at least 1.</param>
/// <param name="Source">Digest of the pipeline and the commit.</param>
public sealed record RunSettings(int Cores, Occasion Occasion, string Source)
{
    /// <summary>Whether what was made before is used, and what is made now kept.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>Whether a task fails that reads what its inputs do not name. One job at a time must go on then: nobody sees who reads.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Tasks that ended well in the run that is gone on with, as <c>job/task</c>.</summary>
    public IReadOnlySet<string> DoneBefore { get; init; } = new HashSet<string>();
}
