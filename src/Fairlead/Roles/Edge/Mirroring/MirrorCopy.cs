namespace Fairlead.Roles.Edge.Mirroring;

/// <summary>A copy of a request, from its head to its end. Holds its place among those under way until it is sent or let go.</summary>
internal sealed class MirrorCopy(HttpRequestMessage request, long bodyMax, MirrorCounter counter, MirrorSender sender)
    : IDisposable
{
    private MemoryStream? body;
    private bool isOver;

    /// <summary>Keeps a piece of the body; lets the copy go once it is too much.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        if (isOver)
        {
            return;
        }
        body ??= new MemoryStream();
        if (body.Length + piece.Length > bodyMax)
        {
            counter.Drop();
            Dispose();
            return;
        }
        body.Write(piece);
    }

    /// <summary>Sends it, in its own time.</summary>
    public void Send()
    {
        if (isOver)
        {
            return;
        }
        isOver = true;
        if (body is not null)
        {
            MirrorRequest.SetBody(request, body);
        }
        sender.Send(request, counter);
    }

    /// <summary>Lets it go unless it was sent: the request was never whole.</summary>
    public void Dispose()
    {
        if (isOver)
        {
            return;
        }
        isOver = true;
        body = null;
        request.Dispose();
        counter.Leave();
    }
}
