using System.Runtime.CompilerServices;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Tests.Clusters;

/// <summary>Rights, each as <c>deployments patch</c>: what a call needs, and what the installation's role gives.</summary>
internal static class RoleReading
{
    private const string Path = "../../../deploy/kubernetes/fairlead.yaml";

    /// <summary>Of a call such as <c>apply Deployment shop/api-42</c>. What applies may have to make.</summary>
    public static IEnumerable<string> RulesOf(string call)
    {
        var words = call.Split(' ');
        string[] verbs = words[0] switch
        {
            "find" => ["get"],
            "list" => ["list"],
            "apply" => ["create", "patch"],
            "annotate" => ["patch"],
            "delete" => ["delete"],
            _ => [], // The version is everybody's to ask for.
        };
        return verbs.Select(verb => $"{Plural(words[1])} {verb}");
    }

    public static IReadOnlyList<string> OfInstallation([CallerFilePath] string here = "")
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, Path));
        stream.Load(reader);
        var role = stream
            .Documents.Select(one => (YamlMappingNode)one.RootNode)
            .Single(one => $"{one["kind"]}" == "ClusterRole" && $"{one["metadata"]["name"]}" == "fairlead-deployer");
        return
        [
            .. from rule in (YamlSequenceNode)role["rules"]
            from resource in (YamlSequenceNode)rule["resources"]
            from verb in (YamlSequenceNode)rule["verbs"]
            select $"{resource} {verb}",
        ];
    }

    private static string Plural(string kind) =>
        kind is "NetworkPolicy" ? "networkpolicies" : $"{kind.ToLowerInvariant()}s";
}
