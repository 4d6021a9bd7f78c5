namespace Fairlead.Drivers.Channels.Mail;

/// <summary>Who has got which mail, of those that not all have got; the last 1,000 are remembered.</summary>
internal sealed class TakenMails
{
    private const int Max = 1000;

    private readonly Lock gate = new();
    private readonly HashSet<(string Id, string To)> known = [];
    private readonly Queue<(string Id, string To)> order = new();

    public bool Has(string id, string to)
    {
        lock (gate)
        {
            return known.Contains((id, to));
        }
    }

    public void Add(string id, IReadOnlyList<string> all)
    {
        lock (gate)
        {
            foreach (var to in all)
            {
                if (known.Add((id, to)))
                {
                    order.Enqueue((id, to));
                }
            }
            while (order.Count > Max)
            {
                known.Remove(order.Dequeue());
            }
        }
    }
}
