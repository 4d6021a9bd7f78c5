using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Which secrets a service is started with. Whether they have a value is for the server to say.</summary>
internal static class SecretsChoice
{
    public static IReadOnlyList<SecretUse>? Of(Draft draft, IReadOnlyDictionary<string, string> env, Findings findings)
    {
        if (draft.Entry.Secrets is not { Uses.Count: > 0 } entry || draft.IsStatic)
        {
            return null;
        }
        var node = draft.Node.At("secrets");
        foreach (
            var name in entry.Uses.GroupBy(use => use.Told).Where(group => group.Count() > 1).Select(group => group.Key)
        )
        {
            findings.Add(
                node,
                "secret-twice",
                (
                    $"The service '{draft.Name}' would get {name} twice.",
                    "Two of its secrets have the same variable.",
                    $"Leave one out, or give it another variable, for example: OTHER: {{ from: {name} }}"
                )
            );
        }
        foreach (var use in entry.Uses.Where(use => env.ContainsKey(use.Told)))
        {
            findings.Add(
                node,
                "secret-in-env",
                (
                    $"{use.Told} of the service '{draft.Name}' is a secret, and a value for it stands in 'env'.",
                    "Only one of them can be its value; what stands in a manifest is no secret.",
                    $"Remove the line '{use.Told}' from env. If it was ever a real value, set a new one: fairlead secret set {use.Secret}"
                )
            );
        }
        return entry.Uses;
    }
}
