using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Reads the chain that an authority issued, and does not take its word that it is what was asked for.</summary>
internal static class IssuedChain
{
    public static IssuedCertificate Read(
        AcmeConnection connection,
        AcmeAnswer answer,
        IReadOnlyList<string> hosts,
        SigningRequest request
    )
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Encoding.ASCII.GetString(answer.Body));
            if (chain.Count == 0 || !request.IsAnsweredBy(chain[0]) || Missing(chain[0], hosts) is not null)
            {
                throw new ProblemException(AcmeProblems.WrongCertificate(connection, hosts));
            }
            return new(
                hosts,
                string.Join(
                    '\n',
                    chain.Where((one, at) => at == 0 || !IsRoot(one)).Select(one => one.ExportCertificatePem())
                ) + "\n",
                request.KeyPem,
                new DateTimeOffset(chain[0].NotBefore.ToUniversalTime()),
                new DateTimeOffset(chain[0].NotAfter.ToUniversalTime())
            );
        }
        catch (CryptographicException caught)
        {
            throw new ProblemException(AcmeProblems.Unreadable(connection, answer, caught.Message), caught);
        }
        finally
        {
            foreach (var certificate in chain)
            {
                certificate.Dispose();
            }
        }
    }

    private static string? Missing(X509Certificate2 leaf, IReadOnlyList<string> hosts)
    {
        var names = leaf
            .Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return hosts.FirstOrDefault(host => !names.Contains(host));
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
