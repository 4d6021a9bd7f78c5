namespace Fairlead.Bench.Edge;

/// <summary>What is measured; the table's rows.</summary>
internal static class Measures
{
    public const string Small = "12 bytes, 32 connections, requests/s";
    public const string SmallP99 = "the same, p99 ms";
    public const string Many = "12 bytes, 256 connections, requests/s";
    public const string Large = "100 kB, 32 connections, requests/s";
    public const string SteadyP99 = "12 bytes at 1,500 requests/s, p99 ms";
    public const string Static = "4 kB file, 32 connections, requests/s";
    public const string Idle = "memory of an idle connection, KiB";
    public const string Handshakes = "TLS handshakes/s, new connection each";
    public const string Secure = "12 bytes by HTTPS, 32 connections, requests/s";
    public const string Sockets = "WebSockets held of 4,000";
    public const string SocketMemory = "memory of a WebSocket, KiB";
    public const string Errors = "errors";

    public static IReadOnlyList<string> All =>
        [Small, SmallP99, Many, Large, SteadyP99, Static, Secure, Handshakes, Idle, Sockets, SocketMemory, Errors];
}
