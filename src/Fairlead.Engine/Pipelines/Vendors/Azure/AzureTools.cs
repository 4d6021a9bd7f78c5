using Fairlead.Engine.Pipelines.Files;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Tasks of Azure that set up tools, and what they call the version.</summary>
internal static class AzureTools
{
    private static readonly OrderedDictionary<string, (string Task, string Key)> Tasks = new(StringComparer.Ordinal)
    {
        ["node"] = ("NodeTool@0", "versionSpec"),
        ["python"] = ("UsePythonVersion@0", "versionSpec"),
        ["go"] = ("GoTool@0", "version"),
        ["dotnet"] = ("UseDotNet@2", "version"),
        ["java"] = ("JavaToolInstaller@0", "versionSpec"),
        ["ruby"] = ("UseRubyVersion@0", "versionSpec"),
    };

    /// <summary>The step that sets up a tool; null when none is known.</summary>
    public static YamlGroup? Step(string tool, string version)
    {
        if (!Tasks.TryGetValue(tool, out var task))
        {
            return null;
        }
        var inputs = new YamlGroup().Add(task.Key, version.Length == 0 ? null : Version(tool, version));
        if (tool == "java")
        {
            inputs.Add("jdkArchitectureOption", "x64").Add("jdkSourceOption", "PreInstalled");
        }
        return new YamlGroup().Add("task", task.Task).Add("inputs", inputs);
    }

    /// <summary>The tool that a task sets up, and what it calls the version; null when it does something else.</summary>
    /// <param name="task">Without its version.</param>
    public static (string Tool, string Key)? Tool(string task)
    {
        if (string.Equals(task, "UseNode", StringComparison.OrdinalIgnoreCase))
        {
            return ("node", "version");
        }
        foreach (var (tool, (named, key)) in Tasks)
        {
            if (string.Equals(named.Split('@')[0], task, StringComparison.OrdinalIgnoreCase))
            {
                return (tool, key);
            }
        }
        return null;
    }

    /// <summary>A version as people say it: <c>22</c> for <c>22.x</c>.</summary>
    public static string Plain(string version) =>
        version.EndsWith(".x", StringComparison.OrdinalIgnoreCase) ? Plain(version[..^2]) : version;

    /// <summary>A version of .NET is whole at Azure, or says that the rest is open.</summary>
    private static string Version(string tool, string version) =>
        tool == "dotnet" && version.All(static letter => char.IsAsciiDigit(letter) || letter == '.')
            ? version.Count(static letter => letter == '.') switch
            {
                0 => $"{version}.0.x",
                1 => $"{version}.x",
                _ => version,
            }
        : tool is "node" && version.All(char.IsAsciiDigit) ? $"{version}.x"
        : version;
}
