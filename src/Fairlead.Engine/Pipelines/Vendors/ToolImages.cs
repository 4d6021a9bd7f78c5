namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Images that have a tool, for systems that set up none.</summary>
internal static class ToolImages
{
    private static readonly Dictionary<string, string> Images = new(StringComparer.Ordinal)
    {
        ["node"] = "node",
        ["python"] = "python",
        ["go"] = "golang",
        ["java"] = "eclipse-temurin",
        ["dotnet"] = "mcr.microsoft.com/dotnet/sdk",
        ["ruby"] = "ruby",
    };

    /// <summary>Null when none is known.</summary>
    /// <param name="version">Empty for any.</param>
    public static string? Of(string tool, string version) =>
        !Images.TryGetValue(tool, out var image) ? null
        : version.Length == 0 ? image
        : $"{image}:{version}";
}
