namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>The neutral words for machines, and the labels that GitHub has for them.</summary>
internal static class Machines
{
    public static string ToGitHub(string machine) =>
        machine switch
        {
            "linux" => "ubuntu-latest",
            "macos" => "macos-latest",
            "windows" => "windows-latest",
            _ => machine,
        };

    /// <summary>The word, and whether a version of it is lost; the label itself when there is no word for it.</summary>
    public static (string Machine, bool IsNear) FromGitHub(string label) =>
        label switch
        {
            "ubuntu-latest" => ("linux", false),
            "macos-latest" => ("macos", false),
            "windows-latest" => ("windows", false),
            _ when label.StartsWith("ubuntu-", StringComparison.Ordinal) => ("linux", true),
            _ when label.StartsWith("macos-", StringComparison.Ordinal) => ("macos", true),
            _ when label.StartsWith("windows-", StringComparison.Ordinal) => ("windows", true),
            _ => (label, false),
        };
}
