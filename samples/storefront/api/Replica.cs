namespace Storefront.Api;

/// <summary>Which copy of which release this process is. Fairlead says it; run by hand, it is "dev".</summary>
public sealed record Replica(string Release, string Slot)
{
    public int Pid => Environment.ProcessId;

    public static Replica FromEnvironment() => new(Variable("FAIRLEAD_RELEASE", "dev"), Variable("FAIRLEAD_SLOT", "0"));

    /// <summary>
    /// The folder that all replicas of all releases share. The default lies under the temporary folder, one per app,
    /// environment and user, so that a staging shop never sees production's orders.
    /// </summary>
    public static string DataFolder()
    {
        var site = $"{Variable("FAIRLEAD_APP", "storefront")}-{Variable("FAIRLEAD_ENVIRONMENT", "dev")}";
        return Variable("DATA_DIR", Path.Combine(Path.GetTempPath(), $"{site}-{Environment.UserName}"));
    }

    private static string Variable(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;
}
