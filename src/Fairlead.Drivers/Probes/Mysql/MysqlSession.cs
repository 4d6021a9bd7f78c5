using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Telemetry.Scraping;

namespace Fairlead.Drivers.Probes.Mysql;

/// <summary>A text result: names of columns, and rows of texts, null for NULL.</summary>
internal sealed record MysqlAnswer(List<string> Columns, List<string?[]> Rows);

/// <summary>
/// A session in MySQL's protocol 4.1 (dev.mysql.com/doc/dev/mysql-server, "Client/Server Protocol"): the handshake with
/// mysql_native_password or caching_sha2_password, and queries with text results.
/// </summary>
internal sealed class MysqlSession
{
    private const uint LongPassword = 0x1;
    private const uint LongFlag = 0x4;
    private const uint Protocol41 = 0x200;
    private const uint Tls = 0x800;
    private const uint SecureConnection = 0x8000;
    private const uint PluginAuth = 0x80000;
    private const byte Utf8 = 45; // utf8mb4_general_ci
    private const byte Query = 0x03;
    private const int RowsMax = 20_000;

    private const string Native = "mysql_native_password";
    private const string CachingSha2 = "caching_sha2_password";

    private readonly ServiceConnection connection;
    private byte sequence;

    private MysqlSession(ServiceConnection connection) => this.connection = connection;

    /// <summary>As the server greets, such as <c>8.0.36</c>.</summary>
    public string Version { get; private set; } = "";

    public static async Task<MysqlSession> OpenAsync(Uri address, ServiceConnection connection, CancellationToken stop)
    {
        var session = new MysqlSession(connection);
        await session.SignInAsync(address, stop);
        return session;
    }

    /// <exception cref="NotUnderstoodException">The server refuses it.</exception>
    public async Task<MysqlAnswer> QueryAsync(string query, CancellationToken stop) =>
        await TryQueryAsync(query, stop) ?? throw new NotUnderstoodException($"It refuses: {query}");

    /// <summary>Null where the server refuses it.</summary>
    public async Task<MysqlAnswer?> TryQueryAsync(string query, CancellationToken stop)
    {
        sequence = 0;
        await SendAsync([Query, .. Encoding.UTF8.GetBytes(query)], stop);
        var head = await ReceiveAsync(stop);
        if (head[0] is 0xff)
        {
            return null;
        }
        var (columns, rows) = (new List<string>(), new List<string?[]>());
        if (head[0] is 0x00)
        {
            return new(columns, rows);
        }
        var count = new MysqlPacket(head).Number();
        for (var index = 0UL; index < count; index++)
        {
            columns.Add(NameOf(await ReceiveAsync(stop)));
        }
        await ReceiveAsync(stop); // The end of the columns.
        while (true)
        {
            var row = await ReceiveAsync(stop);
            if (row[0] is 0xff)
            {
                throw new NotUnderstoodException(ErrorOf(row));
            }
            if (row[0] is 0xfe && row.Length < 9)
            {
                return new(columns, rows);
            }
            if (rows.Count == RowsMax)
            {
                throw new NotUnderstoodException($"It answers with more than {RowsMax} rows.");
            }
            rows.Add(TextsOf(row, columns.Count));
        }
    }

    private async Task SignInAsync(Uri address, CancellationToken stop)
    {
        var greeting = await ReceiveAsync(stop);
        if (greeting[0] is 0xff)
        {
            throw new LoginRefusedException(ErrorOf(greeting));
        }
        var (salt, plugin, abilities) = Greeted(greeting);
        var flags = LongPassword | LongFlag | Protocol41 | SecureConnection | PluginAuth;
        if (System.Web.HttpUtility.ParseQueryString(address.Query)["tls"] is "true" or "1")
        {
            if ((abilities & Tls) == 0)
            {
                throw new LoginRefusedException("It speaks no TLS, which the address demands.");
            }
            flags |= Tls;
            await SendAsync(Head(flags), stop);
            await connection.UseTlsAsync(address.Host, stop);
        }
        var (user, password) = TargetAddress.LoginOf(address);
        plugin = plugin is Native or CachingSha2 ? plugin : Native;
        var proof = Proof(plugin, password, salt);
        await SendAsync(
            [
                .. Head(flags),
                .. Encoding.UTF8.GetBytes(user),
                0,
                (byte)proof.Length,
                .. proof,
                .. Encoding.ASCII.GetBytes(plugin),
                0,
            ],
            stop
        );
        await FinishAsync(password, salt, stop);
    }

    private async Task FinishAsync(string password, byte[] salt, CancellationToken stop)
    {
        while (true)
        {
            var answer = await ReceiveAsync(stop);
            switch (answer[0])
            {
                case 0x00:
                    return;
                case 0xff:
                    throw new LoginRefusedException(ErrorOf(answer));
                case 0xfe:
                    // The account wants another way than the server's usual one.
                    var wanted = new MysqlPacket(answer.AsSpan(1));
                    var plugin = wanted.ZeroEnded();
                    if (plugin is not (Native or CachingSha2))
                    {
                        throw new LoginRefusedException($"It wants the login by '{plugin}', which is not known here.");
                    }
                    salt = wanted.Rest().TrimEnd((byte)0).ToArray();
                    await SendAsync(Proof(plugin, password, salt), stop);
                    break;
                case 0x01 when answer is [_, 0x03]:
                    break; // Known to its cache; the OK follows.
                case 0x01 when answer is [_, 0x04]:
                    await SendPasswordAsync(password, salt, stop);
                    break;
                default:
                    throw new NotUnderstoodException("Its greeting goes on as none of MySQL's does.");
            }
        }
    }

    /// <summary>caching_sha2_password, the first time: the password itself, within TLS or encrypted with the server's key.</summary>
    private async Task SendPasswordAsync(string password, byte[] salt, CancellationToken stop)
    {
        byte[] plain = [.. Encoding.UTF8.GetBytes(password), 0];
        if (connection.IsTls)
        {
            await SendAsync(plain, stop);
            return;
        }
        await SendAsync([0x02], stop);
        var answer = await ReceiveAsync(stop);
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(answer.AsSpan(1)));
        }
        catch (ArgumentException caught)
        {
            throw new NotUnderstoodException($"Its key cannot be read: {caught.Message}");
        }
        await SendAsync(
            key.Encrypt(
                [.. plain.Select((one, index) => (byte)(one ^ salt[index % salt.Length]))],
                RSAEncryptionPadding.OaepSHA1
            ),
            stop
        );
    }

    private (byte[] Salt, string Plugin, uint Abilities) Greeted(byte[] greeting)
    {
        if (greeting[0] is not 10)
        {
            throw new NotUnderstoodException("It does not greet as MySQL does.");
        }
        var packet = new MysqlPacket(greeting.AsSpan(1));
        Version = packet.ZeroEnded();
        packet.Bytes(4);
        var first = packet.Bytes(8).ToArray();
        packet.Bytes(1);
        var low = BinaryPrimitives.ReadUInt16LittleEndian(packet.Bytes(2));
        packet.Bytes(3);
        var high = BinaryPrimitives.ReadUInt16LittleEndian(packet.Bytes(2));
        var length = Math.Max(13, packet.Bytes(1)[0] - 8);
        packet.Bytes(10);
        var second = packet.Bytes(length)[..12].ToArray();
        return ([.. first, .. second], packet.ZeroEnded(), low | ((uint)high << 16));
    }

    internal static byte[] Proof(string plugin, string password, byte[] salt)
    {
        if (password.Length == 0)
        {
            return [];
        }
        var secret = Encoding.UTF8.GetBytes(password);
        return plugin is CachingSha2
            ? Xor(SHA256.HashData(secret), SHA256.HashData([.. SHA256.HashData(SHA256.HashData(secret)), .. salt]))
#pragma warning disable CA5350 // What mysql_native_password is.
            : Xor(SHA1.HashData(secret), SHA1.HashData([.. salt, .. SHA1.HashData(SHA1.HashData(secret))]));
#pragma warning restore CA5350
    }

    private static byte[] Xor(byte[] one, byte[] other) => [.. one.Zip(other, (left, right) => (byte)(left ^ right))];

    private static byte[] Head(uint flags)
    {
        var head = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(head, flags);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), 1 << 24);
        head[8] = Utf8;
        return head;
    }

    // catalog, schema, table, original table, name, ...
    private static string NameOf(byte[] column)
    {
        var packet = new MysqlPacket(column);
        for (var skipped = 0; skipped < 4; skipped++)
        {
            packet.Text();
        }
        return packet.Text() ?? "";
    }

    private static string?[] TextsOf(byte[] row, int count)
    {
        var packet = new MysqlPacket(row);
        var texts = new string?[count];
        for (var index = 0; index < count; index++)
        {
            texts[index] = packet.Text();
        }
        return texts;
    }

    // ff 15 04 #28000Access denied for user ...
    private static string ErrorOf(byte[] packet)
    {
        var text = Encoding.UTF8.GetString(packet.AsSpan(Math.Min(3, packet.Length)));
        return text.StartsWith('#') && text.Length > 6 ? text[6..] : text;
    }

    private Task SendAsync(byte[] payload, CancellationToken stop)
    {
        var packet = new byte[payload.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(packet, payload.Length);
        packet[3] = sequence++;
        payload.CopyTo(packet, 4);
        return connection.WriteAsync(packet, stop);
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken stop)
    {
        var head = await connection.ReadAsync(4, stop);
        sequence = (byte)(head[3] + 1);
        var payload = await connection.ReadAsync(head[0] | (head[1] << 8) | (head[2] << 16), stop);
        return payload.Length > 0 ? payload : throw new NotUnderstoodException("It sends an empty packet.");
    }
}

/// <summary>Reads what stands in a packet.</summary>
internal ref struct MysqlPacket(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > rest.Length)
        {
            throw new NotUnderstoodException("A packet is shorter than it says.");
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public readonly ReadOnlySpan<byte> Rest() => rest;

    public string ZeroEnded()
    {
        var end = rest.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        rest = end < 0 ? [] : rest[(end + 1)..];
        return text;
    }

    /// <summary>A number as long as its first byte says.</summary>
    public ulong Number() => Number(Bytes(1)[0]);

    /// <summary>A text behind its length; null for NULL.</summary>
    public string? Text()
    {
        var first = Bytes(1)[0];
        if (first is 0xfb)
        {
            return null;
        }
        var length = Number(first);
        return Encoding.UTF8.GetString(Bytes(length <= int.MaxValue ? (int)length : int.MaxValue));
    }

    private ulong Number(byte first) =>
        first switch
        {
            < 0xfb => first,
            0xfc => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)),
            0xfd => BinaryPrimitives.ReadUInt32LittleEndian([.. Bytes(3), 0]),
            0xfe => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)),
            _ => throw new NotUnderstoodException("A length cannot be read."),
        };
}
