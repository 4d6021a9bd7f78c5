using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Certificates.Acme;

namespace Fairlead.Tests.Drivers.Certificates;

public sealed class JwsTests
{
    /// <summary>The example of RFC 7515, appendix A.3.</summary>
    private static ECDsa Example() =>
        ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new()
                {
                    X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                    Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
                },
                D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
            }
        );

    [Fact]
    public void The_public_key_is_written_as_in_RFC_7515()
    {
        using var key = Example();

        Assert.Equal(
            new Jwk(
                "P-256",
                "EC",
                "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
            ),
            Jws.Public(key)
        );
    }

    [Fact]
    public void A_thumbprint_is_the_hash_of_the_sorted_members()
    {
        using var key = Example();
        const string Json =
            """{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", Jws.Thumbprint(Jws.Public(key)));
        Assert.Equal(
            Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Json))),
            Jws.Thumbprint(Jws.Public(key))
        );
    }

    [Fact]
    public void A_request_of_an_account_names_it_and_is_signed_by_its_key()
    {
        using var key = Example();

        var text = Jws.Sign(key, "nonce-1", "https://ca.example/order", "https://ca.example/account/1", "{}"u8);

        Assert.Equal(
            """{"alg":"ES256","nonce":"nonce-1","url":"https://ca.example/order","kid":"https://ca.example/account/1"}""",
            Decoded(text.Protected)
        );
        Assert.Equal("{}", Decoded(text.Payload));
        Assert.True(IsSignedBy(key, text));
        Assert.False(IsSignedBy(key, text with { Payload = "e30x" }));
    }

    [Fact]
    public void A_request_without_an_account_carries_the_key_and_one_that_reads_carries_nothing()
    {
        using var key = Example();

        var text = Jws.Sign(key, "nonce-1", "https://ca.example/new", account: null, payload: []);

        Assert.Equal(
            """{"alg":"ES256","nonce":"nonce-1","url":"https://ca.example/new","jwk":{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}""",
            Decoded(text.Protected)
        );
        Assert.Equal("", text.Payload);
        Assert.True(IsSignedBy(key, text));
    }

    [Fact]
    public void An_account_is_bound_by_a_signature_of_its_key()
    {
        using var key = Example();
        byte[] secret = [1, 2, 3, 4];

        var text = Jws.Bind(key, "https://ca.example/new", "customer-7", secret);

        Assert.Equal("""{"alg":"HS256","url":"https://ca.example/new","kid":"customer-7"}""", Decoded(text.Protected));
        Assert.Equal(
            Base64Url.EncodeToString(
                HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{text.Protected}.{text.Payload}"))
            ),
            text.Signature
        );
    }

    private static string Decoded(string text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));

    private static bool IsSignedBy(ECDsa key, JwsText text) =>
        key.VerifyData(
            Encoding.ASCII.GetBytes($"{text.Protected}.{text.Payload}"),
            Base64Url.DecodeFromChars(text.Signature),
            HashAlgorithmName.SHA256
        );
}
