using Fairlead.Model.Security.Scanning;

namespace Fairlead.Model.Ports;

/// <summary>What is known of packages' weaknesses, from a dated copy on this machine. Nothing is asked of the network.</summary>
public interface IAdvisories
{
    /// <summary>How it stands, ecosystem by ecosystem.</summary>
    Task<AdvisoryStatus> StatusAsync(CancellationToken stop);

    /// <summary>Every advisory about these packages.</summary>
    Task<IReadOnlyList<Advisory>> AboutAsync(IReadOnlySet<(Ecosystem, string)> packages, CancellationToken stop);

    /// <summary>Takes a copy in place of the one before; that one stays when the new one cannot be read.</summary>
    /// <param name="path">A folder or zip file of OSV's JSON.</param>
    /// <param name="date">The day the copy was made; null when it says so itself.</param>
    /// <exception cref="Problems.ProblemException">It cannot be read, says no date, or is older than what is here.</exception>
    Task<AdvisoryStatus> ImportAsync(string path, DateTimeOffset? date, CancellationToken stop);
}

/// <param name="Date">When the copy was made; null where there is none.</param>
/// <param name="Mark">Changes when the copy changes.</param>
/// <param name="Counts">How many advisories there are of each ecosystem; one that is missing here was not copied.</param>
public sealed record AdvisoryStatus(DateTimeOffset? Date, string Mark, IReadOnlyDictionary<Ecosystem, int> Counts)
{
    public static AdvisoryStatus None { get; } = new(null, "", new Dictionary<Ecosystem, int>());

    /// <summary>Files that could not be read; their advisories are missing.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}
