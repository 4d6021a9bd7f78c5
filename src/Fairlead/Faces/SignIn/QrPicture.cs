using QRCoder;

namespace Fairlead.Faces.SignIn;

/// <summary>A QR code as rows of 0 and 1, which the page draws: so no picture needs to be let through its policy.</summary>
internal static class QrPicture
{
    public static string Of(string text)
    {
        using var maker = new QRCodeGenerator();
        using var code = maker.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        return string.Join(
            '\n',
            code.ModuleMatrix.Select(row => string.Concat(row.Cast<bool>().Select(isDark => isDark ? '1' : '0')))
        );
    }
}
