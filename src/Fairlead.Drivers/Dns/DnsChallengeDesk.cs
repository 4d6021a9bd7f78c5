using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Dns;

/// <summary>Answers dns-01 challenges by TXT records (RFC 8555, section 8.4).</summary>
public sealed class DnsChallengeDesk(IDnsZones zones) : IChallengeDesk
{
    public Task ShowAsync(Challenge challenge, CancellationToken stop) =>
        zones.AddTextAsync(Record(challenge), Text(challenge), stop);

    public Task RemoveAsync(Challenge challenge, CancellationToken stop) =>
        zones.RemoveTextAsync(Record(challenge), Text(challenge), stop);

    private static string Record(Challenge challenge)
    {
        if (challenge.Kind != ChallengeKind.Dns)
        {
            throw new ArgumentOutOfRangeException(nameof(challenge), challenge.Kind, "only dns-01 is a matter of DNS");
        }
        var name = $"_acme-challenge.{challenge.Host}";
        return name.Length <= DnsNames.NameMax
            ? name
            : throw DnsProblems.Refused("DNS", name, $"A name has {DnsNames.NameMax} characters at most.");
    }

    internal static string Text(Challenge challenge) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(challenge.KeyAuthorization)));
}
