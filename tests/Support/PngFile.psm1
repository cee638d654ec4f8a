# PNG files made byte by byte, also of sizes that no encoder writes: masks of one colour, and headers that lie about the size.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

<#
.SYNOPSIS
The bytes of an 8-bit grey PNG: all black, all white, or with the data of a single white pixel whatever size its header gives.
#>
function New-Png([int] $Width, [int] $Height, [switch] $Black, [switch] $White) {
    $data = [IO.MemoryStream]::new()
    $packer = [IO.Compression.ZLibStream]::new($data, [IO.Compression.CompressionLevel]::SmallestSize)
    if ($Black -or $White) {
        $line = [byte[]]::new($Width + 1) # a filter of 0 before the pixels
        if ($White) { [array]::Fill($line, [byte] 255, 1, $Width) }
        foreach ($row in 1..$Height) { $packer.Write($line, 0, $line.Length) }
    }
    else { $packer.Write([byte[]] (0, 255), 0, 2) }
    $packer.Dispose()
    [byte[]] (137, 80, 78, 71, 13, 10, 26, 10) +
        (New-Chunk IHDR ((ConvertTo-BigEndian $Width) + (ConvertTo-BigEndian $Height) + [byte[]] (8, 0, 0, 0, 0))) +
        (New-Chunk IDAT $data.ToArray()) + (New-Chunk IEND @())
}

function New-Chunk([string] $Type, [byte[]] $Data) {
    [byte[]] $body = [Text.Encoding]::ASCII.GetBytes($Type) + $Data
    [uint32] $crc = 4294967295
    foreach ($byte in $body) {
        $crc = $crc -bxor $byte
        foreach ($bit in 1..8) { $crc = ($crc -band 1) ? (($crc -shr 1) -bxor 3988292384) : ($crc -shr 1) }
    }
    (ConvertTo-BigEndian $Data.Length) + $body + (ConvertTo-BigEndian ($crc -bxor 4294967295))
}

function ConvertTo-BigEndian([uint32] $Number) {
    $bytes = [BitConverter]::GetBytes($Number)
    if ([BitConverter]::IsLittleEndian) { [array]::Reverse($bytes) }
    , $bytes
}

Export-ModuleMember -Function New-Png
