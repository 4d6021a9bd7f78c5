using Fairlead.Engine.Guarding.Network;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Reads a manifest for what needs no target.</summary>
internal static class NetworkApps
{
    private const int NamespaceLettersMax = 63;

    public static LoadedApp Load(EngineContext engine, string folder, string? environment)
    {
        // Policies are for where services have addresses of their own, so two may listen on the same port.
        var abilities = new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true);
        return Candidates.Loader(_ => abilities).Load(engine.OpenFolder(folder), environment);
    }

    public static NetworkPlan Plan(EngineContext engine, string folder, string? environment) =>
        NetworkPlanner.Of(Load(engine, folder, environment));

    /// <param name="said">Null for the one of the site.</param>
    /// <exception cref="ProblemException">It can be none.</exception>
    public static string NamespaceOf(string? said, Site site) => Checked(said ?? UsualNamespace(site));

    // Two names of 40 letters and a dash are more than a namespace may have.
    private static string UsualNamespace(Site site)
    {
        var name = $"{site.App}-{site.Environment}";
        return name.Length <= NamespaceLettersMax ? name : name[..NamespaceLettersMax].TrimEnd('-');
    }

    private static string Checked(string name) =>
        name.Length is >= 1 and <= NamespaceLettersMax
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && name[0] != '-'
        && name[^1] != '-'
            ? name
            : throw new ProblemException(
                new Problem(
                    "network.wrong-namespace",
                    What: $"'{name}' is no namespace.",
                    Why: $"It takes at most {NamespaceLettersMax} lower-case letters, digits and dashes, and no dash at its ends.",
                    Fix: "Write for example: --namespace shop-production"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
