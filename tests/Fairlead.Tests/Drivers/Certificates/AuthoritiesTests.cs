using Fairlead.Drivers.Certificates;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Drivers.Certificates;

public sealed class AuthoritiesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-authorities-");
    private readonly Authorities authorities;

    public AuthoritiesTests() =>
        authorities = new(
            folder.FullName,
            _ => null,
            new World(TimeProvider.System, new Random(1)),
            NullLoggerFactory.Instance
        );

    [Theory]
    [InlineData("")]
    [InlineData("not a certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n")]
    public void A_root_file_without_a_certificate_is_a_problem_of_its_site_alone(string text)
    {
        var path = Path.Combine(folder.FullName, "root.pem");
        File.WriteAllText(path, text);
        var policy = new TlsPolicy
        {
            Mode = default,
            Https = default!,
            TrustedRoot = path,
        };

        var caught = Assert.Throws<ProblemException>(() => authorities.Find("https://ca.example/directory", policy));

        Assert.Equal("certificate.no-root", caught.Problem.Code);
    }

    public void Dispose()
    {
        authorities.Dispose();
        folder.Delete(recursive: true);
    }
}
