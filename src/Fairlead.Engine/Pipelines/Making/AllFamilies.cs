using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Pipelines.Making.Families;

namespace Fairlead.Engine.Pipelines.Making;

/// <summary>The families whose tools are known: one file each, and one line here.</summary>
internal static class AllFamilies
{
    private static readonly Family[] All =
    [
        new("node", NodeWork.Of),
        new("python", PythonWork.Of),
        new("dotnet", DotnetWork.Of),
        new("go", GoWork.Of),
        new("rust", RustWork.Of),
        new("java", JvmWork.Of),
        new("php", PhpWork.Of),
        new("ruby", RubyWork.Of),
        new("elixir", ElixirWork.Of),
        new("deno", DenoWork.Of),
        new("mobile", MobileWork.Of),
        new("model", ModelWork.Of),
    ];

    /// <summary>What is done with a part before it is built; nothing where no more is known than how it is built.</summary>
    public static Work Of(Part part)
    {
        var family = AllRules.Rules.FirstOrDefault(rule => rule.Stack == part.Detected.Stack)?.Family;
        return Array.Find(All, one => one.Name == family)?.Of(part) ?? new(new Dictionary<string, string>(), []);
    }
}
