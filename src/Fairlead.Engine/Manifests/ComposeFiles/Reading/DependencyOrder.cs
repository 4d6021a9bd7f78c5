namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>Whether what services depend on is there, and can be started in some order.</summary>
internal static class DependencyOrder
{
    public static void Check(IReadOnlyDictionary<string, Piece.Group> services, Notes notes)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, service) in services)
        {
            foreach (var entry in Of(service).Where(entry => !services.ContainsKey(entry.Key)))
            {
                if ((entry.Value as Piece.Group)?.Find("required") is not Piece.Word { Text: "false" })
                {
                    notes.Fault(
                        entry.Place,
                        Faults.Unknown("service", entry.Key, Nearest.To(entry.Key, services.Keys))
                    );
                }
            }
            Walk(name, services, done, notes);
        }
    }

    public static IReadOnlyList<Piece.Entry> Of(Piece.Group service) =>
        (service.Find("depends_on") as Piece.Group)?.Entries ?? [];

    /// <summary>Goes down with a stack of its own: a chain may be as long as there are services.</summary>
    private static void Walk(
        string start,
        IReadOnlyDictionary<string, Piece.Group> services,
        HashSet<string> done,
        Notes notes
    )
    {
        if (done.Contains(start))
        {
            return;
        }
        var way = new List<string> { start };
        var rest = new Stack<Queue<Piece.Entry>>();
        rest.Push(new(Of(services[start])));
        while (rest.Count > 0)
        {
            if (!rest.Peek().TryDequeue(out var next))
            {
                rest.Pop();
                done.Add(way[^1]);
                way.RemoveAt(way.Count - 1);
                continue;
            }
            if (way.Contains(next.Key))
            {
                notes.Fault(
                    next.Place,
                    Faults.Circle(
                        "dependencies",
                        string.Join(" -> ", way.SkipWhile(one => one != next.Key).Append(next.Key))
                    )
                );
            }
            else if (!done.Contains(next.Key) && services.TryGetValue(next.Key, out var service))
            {
                way.Add(next.Key);
                rest.Push(new(Of(service)));
            }
        }
    }
}
