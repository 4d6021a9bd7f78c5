using System.Net;

namespace Fairlead.Roles.Edge;

/// <summary>Set on each connection by the listener it came through: what a client sends cannot choose its door.</summary>
internal sealed class Arrival(Door door)
{
    private IPAddress? known;
    private string address = "";

    public Door Door => door;

    /// <summary>The client's address in text, made once for a connection.</summary>
    public string AddressOf(ConnectionInfo connection)
    {
        var now = connection.RemoteIpAddress;
        if (now is not null && !ReferenceEquals(now, known))
        {
            known = now;
            address = (now.IsIPv4MappedToIPv6 ? now.MapToIPv4() : now).ToString();
        }
        return address;
    }
}
