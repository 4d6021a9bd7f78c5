using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Programs of Deno, which brings all its tools.</summary>
internal static class DenoWork
{
    public static Work Of(Part part)
    {
        List<JobTask> checks = [part.Check("format", "deno", "fmt", "--check"), part.Check("lint", "deno", "lint")];
        if (
            part.Sight.Files.Any(static file =>
                file.Contains("_test.", StringComparison.Ordinal) || file.Contains(".test.", StringComparison.Ordinal)
            )
        )
        {
            checks.Add(part.Check("test", "deno", "test"));
        }
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { ["deno"] = "" }, checks);
    }
}
