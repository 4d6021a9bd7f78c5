using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Projects of Mix.</summary>
internal static class ElixirWork
{
    public static Work Of(Part part)
    {
        part = part with { Made = ["_build", "deps", "priv/static/assets"] };
        List<JobTask> checks =
        [
            part.Do("hex", "mix", "local.hex", "--force", "--if-missing"),
            part.Do("install", "mix", "deps.get"),
            part.Check("compile", "mix", "compile", "--warnings-as-errors"),
        ];
        if (part.Sight.HasFile(".formatter.exs"))
        {
            checks.Add(part.Check("format", "mix", "format", "--check-formatted"));
        }
        if (part.Sight.HasFolder("test"))
        {
            checks.Add(part.Check("test", "mix", "test"));
        }
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { ["elixir"] = "" }, checks)
        {
            Made = part.Made,
            Installs = static words => words is ["mix", "local.hex", ..],
            Caches = part.Sight.HasFile("mix.lock") ? [new([part.In("deps")], [part.In("mix.lock")])] : [],
            Audit = part.Sight.HasFile("mix.lock") ? [part.Do("audit", "mix", "hex.audit")] : [],
        };
    }
}
