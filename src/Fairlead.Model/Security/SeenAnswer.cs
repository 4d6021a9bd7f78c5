namespace Fairlead.Model.Security;

/// <summary>An answer of a live site, as anybody sees it.</summary>
/// <param name="Url">Where it came from in the end, after redirects.</param>
/// <param name="Headers">By name, in the order in which they came; a name may be there several times.</param>
public sealed record SeenAnswer(Uri Url, int Status, IReadOnlyList<KeyValuePair<string, string>> Headers);
