namespace Fairlead.Roles.Up;

/// <summary>What the runtime is told before a role starts; most of it can be said only by the environment.</summary>
internal static class RoleTuning
{
    // Who runs for days is compiled once more, by what it did; for a command of a second the measuring costs more than it brings.
    private const string Profiles = "DOTNET_TieredPGO";

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    // A request is carried where its bytes arrive, with no hop to another thread: so nothing on its way may block.
    private static readonly IReadOnlyDictionary<string, string> Edge = new Dictionary<string, string>
    {
        [InlineVariable] = "1",
        ["DOTNET_gcConcurrent"] = "0",
        [Profiles] = "1",
    };

    // Loops over samples and log lines are compiled well at once: else the first dozen queries run several times slower.
    private static readonly IReadOnlyDictionary<string, string> Server = new Dictionary<string, string>
    {
        ["DOTNET_TC_QuickJitForLoops"] = "0",
        [Profiles] = "1",
    };

    public const string InlineVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Environment variables by name.</summary>
    public static IReadOnlyDictionary<string, string> Of(string role) =>
        role switch
        {
            "edge" => Edge,
            "server" => Server,
            _ => None,
        };

    /// <summary>Whether this process was started so.</summary>
    public static bool IsInline => Environment.GetEnvironmentVariable(InlineVariable) == "1";
}
