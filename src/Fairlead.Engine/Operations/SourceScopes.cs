using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>What a manifest names of its folder, so that it goes along to a server elsewhere although an ignore file names it too.</summary>
public static class SourceScopes
{
    /// <summary>Paths of services and of what their builds read besides, below the folder, with <c>/</c>; the folder itself is none.</summary>
    /// <exception cref="ProblemException">There is no manifest, or it has findings.</exception>
    public static IReadOnlyList<string> Of(IFileTree tree)
    {
        // The server looks at it again, by what it can do.
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        var app = Candidates.Loader(kind => Candidates.AbilitiesOf(kind, abilities)).Load(tree);
        return
        [
            .. app
                .Services.SelectMany(static one => one.Service.Recipe.Inputs.Prepend(one.Service.Path))
                .Select(static path => string.Join('/', path.Split('/').Where(static part => part is not ("" or "."))))
                .Where(static path => path.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
