namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares bodies by their media types.</summary>
/// <param name="side">Such as <c>response 200</c>.</param>
internal sealed class ContentDiff(string operation, string side, Way way)
{
    private const string Usual = "application/json";

    public void Compare(
        (IReadOnlyDictionary<string, ApiTree?> Was, IReadOnlyDictionary<string, ApiTree?> Now) content,
        ApiPlace line,
        ApiChanges changes,
        SchemaDiff schemas
    )
    {
        foreach (var (type, schema) in content.Was)
        {
            if (content.Now.TryGetValue(type, out var next))
            {
                schemas.Compare(
                    schema,
                    next,
                    way,
                    type == Usual ? $"{operation}: {side}" : $"{operation}: {side} {type}"
                );
            }
            else
            {
                changes.Add(
                    Impact.Breaking,
                    "media-type-removed",
                    $"{operation}: {side}",
                    (
                        $"{type} is gone.",
                        way == Way.Request ? "Whoever sends it is refused." : "Whoever asks for it does not get it.",
                        line
                    )
                );
            }
        }
        foreach (var type in content.Now.Keys.Where(one => !content.Was.ContainsKey(one)))
        {
            changes.Add(
                Impact.Safe,
                "media-type-added",
                $"{operation}: {side}",
                ($"{type} is new.", way == Way.Request ? "It may be sent." : "Who asks for it gets it.", line)
            );
        }
    }
}
