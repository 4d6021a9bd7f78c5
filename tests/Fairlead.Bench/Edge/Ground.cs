using Fairlead.Model.Ports;

namespace Fairlead.Bench.Edge;

/// <summary>What every proxy is set up with.</summary>
/// <param name="Upstream">Port of the server that answers plain requests.</param>
/// <param name="Sockets">Port of the server that speaks WebSocket.</param>
/// <param name="Folder">With files at <c>static/</c>, and <c>tls.pem</c> (chain and key) and its parts <c>chain.pem</c> and <c>key.pem</c>.</param>
/// <param name="Certificate">For <c>localhost</c>: ECDSA, P-256.</param>
internal sealed record Ground(int Upstream, int Sockets, string Folder, IssuedCertificate Certificate);
