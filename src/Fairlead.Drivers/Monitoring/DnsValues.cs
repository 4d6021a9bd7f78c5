using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Drivers.Dns.Messages;

namespace Fairlead.Drivers.Monitoring;

/// <summary>Values of records as zone files write them, without dots at the end of names (RFC 1035, 2782, 3596, 8659).</summary>
internal static class DnsValues
{
    /// <summary>Those of one type, sorted.</summary>
    /// <exception cref="InvalidDataException">A record is not of its type's shape.</exception>
    public static IReadOnlyList<string> Of(byte[] message, DnsMessage answer, DnsType type) =>
        [
            .. answer
                .Answers.Where(one => one.Type == type && one.Class is DnsClass.In)
                .Select(one => Of(message, one))
                .Order(StringComparer.Ordinal),
        ];

    private static string Of(byte[] message, DnsRecord record)
    {
        // Names within data may point into the whole message, so it is read from there.
        var reader = new DnsReader(message, record.At);
        _ = reader.Name();
        _ = reader.Bytes(8);
        _ = reader.Short();
        return record.Type switch
        {
            DnsType.A or DnsType.Aaaa => record.Data.Length is 4 or 16
                ? new IPAddress(record.Data).ToString()
                : throw new InvalidDataException("An address is of no known length."),
            DnsType.Ns or DnsType.Cname or DnsType.Ptr => reader.Name(),
            DnsType.Mx => Number(reader.Short()) + " " + reader.Name(),
            DnsType.Srv =>
                $"{Number(reader.Short())} {Number(reader.Short())} {Number(reader.Short())} {reader.Name()}",
            DnsType.Soa => $"{reader.Name()} {reader.Name()} {Number(reader.Long())}",
            DnsType.Txt => DnsReader.Text(record.Data),
            DnsType.Caa => Caa(record.Data),
            _ => Convert.ToHexStringLower(record.Data),
        };
    }

    // 0 issue "letsencrypt.org"
    private static string Caa(byte[] data)
    {
        var reader = new DnsReader(data);
        var flags = reader.Byte();
        var tag = Encoding.ASCII.GetString(reader.Bytes(reader.Byte()));
        return $"{Number(flags)} {tag} \"{Encoding.UTF8.GetString(reader.Bytes(data.Length - 2 - tag.Length))}\"";
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
