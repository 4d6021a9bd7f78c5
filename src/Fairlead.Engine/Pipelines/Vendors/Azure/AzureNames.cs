using System.Globalization;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>What jobs, servers and variables are called at Azure: letters, digits and underscores.</summary>
internal sealed class AzureNames
{
    /// <summary>How names begin that the agent keeps for itself, or never hands on to a shell.</summary>
    private static readonly string[] Kept =
    [
        "AGENT",
        "BUILD",
        "ENDPOINT",
        "ENVIRONMENT",
        "INPUT",
        "PATH",
        "PIPELINE",
        "RELEASE",
        "SECRET",
        "SECUREFILE",
        "SYSTEM",
    ];

    /// <summary>What every program reads; a variable of this name would be read by all of them.</summary>
    private static readonly string[] Read = ["HOME", "USER", "SHELL", "TMPDIR", "LANG", "PWD"];

    private readonly Dictionary<string, string> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> approvals = new(StringComparer.Ordinal);

    public AzureNames(Pipeline pipeline)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var job in pipeline.Jobs)
        {
            jobs[job.Name] = Free(Plain(job.Name), taken);
        }
        foreach (var job in pipeline.Jobs.Where(static one => one.Manual))
        {
            approvals[job.Name] = Free($"approve_{Of(job.Name)}", taken);
        }
    }

    public string Of(string job) => jobs[job];

    /// <summary>The job in which somebody is asked to begin another.</summary>
    public string Approval(string job) => approvals[job];

    public static string Server(string job, string service) => $"{job}_{Plain(service)}";

    public static string Plain(string name) => name.Replace('-', '_');

    /// <summary>A name that none has yet.</summary>
    public static string Free(string name, ISet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length, 90)]}_{number}");
        }
        return free;
    }

    /// <summary>
    /// Whether a variable of a shell can be one of the pipeline: Azure hands those on in capitals, and some not at all.
    /// </summary>
    public static bool IsVariable(string name) => !name.Any(char.IsLower) && !IsKept(name);

    /// <summary>What a variable of a matrix is called.</summary>
    public static string Axis(string name) =>
        IsKept(Plain(name)) || Read.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"of_{Plain(name)}"
            : Plain(name);

    private static bool IsKept(string name) =>
        Array.Exists(Kept, one => name.StartsWith(one, StringComparison.OrdinalIgnoreCase));
}
