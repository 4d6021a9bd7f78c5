using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Says what cannot be at AWS, and why.</summary>
/// <param name="Of">The key below <c>aws</c>, and how findings and their sentences begin.</param>
internal sealed record AwsChecking(Draft Draft, Findings Findings, (string Key, string Code, string What) Of)
{
    /// <param name="key">Below the other one; empty for all of it.</param>
    public void Refuse(bool isWrong, string key, string why, string fix)
    {
        if (isWrong)
        {
            var node = Draft.Node.At("aws", Of.Key);
            Findings.Add(key.Length == 0 ? node : node.At(key), Of.Code, (Of.What, why, fix));
        }
    }
}
