# Compares what two systems wrote: tests/Proofs/SameOnWindows.ps1.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Add-Type @'
using System;
using System.Runtime.InteropServices;

public static class WmsNumbers
{
    // The largest difference of two files of float32.
    public static double Difference(byte[] one, byte[] two)
    {
        ReadOnlySpan<float> a = MemoryMarshal.Cast<byte, float>(one), b = MemoryMarshal.Cast<byte, float>(two);
        if (a.Length != b.Length) return double.PositiveInfinity;
        double most = 0;
        for (int i = 0; i < a.Length; i++) most = Math.Max(most, Math.Abs((double)a[i] - b[i]));
        return most;
    }

    // IoU of the masks that two files of logits give.
    public static double IoU(byte[] one, byte[] two)
    {
        ReadOnlySpan<float> a = MemoryMarshal.Cast<byte, float>(one), b = MemoryMarshal.Cast<byte, float>(two);
        long both = 0, either = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > 0 && b[i] > 0) both++;
            if (a[i] > 0 || b[i] > 0) either++;
        }

        return either == 0 ? 1 : (double)both / either;
    }
}
'@

<#
.SYNOPSIS
A text file with the folder of the job removed, one form of separators, and without times.
#>
function Get-NeutralText([string] $File, [string] $Root) {
    $text = [IO.File]::ReadAllText($File)
    # Export-Csv and Set-Content end lines as the system does; what the module writes itself has line feeds alone.
    if ([IO.Path]::GetExtension($File) -eq '.csv') { $text = $text.Replace("`r`n", "`n") }
    if ([IO.Path]::GetExtension($File) -eq '.md') { $text = [Net.WebUtility]::HtmlDecode($text) }
    $text = $text.Replace('\\', '/').Replace('\', '/').Replace($Root.Replace('\', '/').Replace('//', '/'), 'ROOT')
    $text = $text -replace 'file:/+(?=ROOT)', 'file:///' -creplace '("(?:checked|written|last_epoch_ended|endTimeUtc)": )"[^"]*"', '$1TIME'
    $text = $text -creplace '(seconds|photos_per_second)(": ?)[\d.eE+-]+', '$1$2N' -creplace '\b(time|timestamp)="[^"]*"', '$1=TIME'
    $text = $text -creplace '\b\d\d:\d\d:\d\d(\.\d+)?', 'TIME' -creplace '\d{4}-\d\d-\d\d \d\d:\d\d UTC', 'TIME'
    $text
}

<#
.SYNOPSIS
The lines in which two text files differ, apart from folder, separators and times; nothing when they are the same.
#>
function Compare-NeutralText {
    param([string] $Name, [string] $One, [string] $OneRoot, [string] $Two, [string] $TwoRoot)

    $a, $b = (Get-NeutralText "$One/$Name" $OneRoot), (Get-NeutralText "$Two/$Name" $TwoRoot)
    if ($a -ceq $b) { return }
    $left, $right = $a.Split("`n"), $b.Split("`n")
    for ($i = 0; $i -lt [Math]::Max($left.Count, $right.Count); $i++) {
        if ($i -ge $left.Count -or $i -ge $right.Count) { "$Name has $($left.Count) and $($right.Count) lines"; break }
        if ($left[$i] -cne $right[$i]) { "${Name}:$($i + 1) is $(Get-Start $left[$i] $right[$i]) and $(Get-Start $right[$i] $left[$i])" }
    }
}

# The part of a line around its first difference.
function Get-Start([string] $Line, [string] $Other) {
    $at = 0
    while ($at -lt $Line.Length -and $at -lt $Other.Length -and $Line[$at] -ceq $Other[$at]) { $at++ }
    $from = [Math]::Max(0, $at - 40)
    "'$($Line.Substring($from, [Math]::Min(100, $Line.Length - $from)))'"
}

<#
.SYNOPSIS
The largest difference between the numbers of two CSV files, durations and rates left out; infinity when a text differs.
#>
function Compare-CsvNumber {
    param([string] $One, [string] $Two, [string] $Except = 'Duration|PerSecond|Path$|^Model$')

    $a, $b = @(Import-Csv $One), @(Import-Csv $Two)
    if ($a.Count -ne $b.Count) { return [double]::PositiveInfinity }
    $most = 0.0
    for ($i = 0; $i -lt $a.Count; $i++) {
        foreach ($name in $a[$i].psobject.Properties.Name -notmatch $Except) {
            $left, $right, $x, $y = $a[$i].$name, $b[$i].$name, 0.0, 0.0
            if ($left -ceq $right) { continue }
            $style, $culture = [Globalization.NumberStyles]::Float, [cultureinfo]::InvariantCulture
            $isNumber = [double]::TryParse($left, $style, $culture, [ref] $x) -and [double]::TryParse($right, $style, $culture, [ref] $y)
            $most = [Math]::Max($most, $isNumber ? [Math]::Abs($x - $y) : [double]::PositiveInfinity)
        }
    }
    $most
}

<#
.SYNOPSIS
The relative paths of files below a folder whose bytes differ from those of the other folder, or that are in one of them only.
#>
function Compare-FileByte([string] $One, [string] $Two) {
    $hashes = foreach ($root in $One, $Two) {
        $found = [Collections.Generic.SortedDictionary[string, string]]::new([StringComparer]::Ordinal)
        foreach ($file in Get-ChildItem -LiteralPath $root -File -Recurse -Force) {
            $found[[IO.Path]::GetRelativePath($root, $file.FullName).Replace('\', '/')] = (Get-FileHash -LiteralPath $file.FullName).Hash
        }
        , $found
    }
    foreach ($name in @($hashes[0].Keys) + @($hashes[1].Keys) | Sort-Object -Unique) {
        $first, $second = '', ''
        $isInBoth = $hashes[0].TryGetValue($name, [ref] $first) -and $hashes[1].TryGetValue($name, [ref] $second)
        if (-not $isInBoth -or $first -ne $second) { $name }
    }
}

<#
.SYNOPSIS
The largest difference of logits, and the lowest IoU of the masks they give, over the files of two folders.
#>
function Compare-Logit([string] $One, [string] $Two) {
    $most, $lowest, $count = 0.0, 1.0, 0
    foreach ($file in Get-ChildItem -LiteralPath $One -File) {
        $a, $b = [IO.File]::ReadAllBytes($file.FullName), [IO.File]::ReadAllBytes("$Two/$($file.Name)")
        $most = [Math]::Max($most, [WmsNumbers]::Difference($a, $b))
        $lowest = [Math]::Min($lowest, [WmsNumbers]::IoU($a, $b))
        $count++
    }
    [pscustomobject]@{ Count = $count; Most = $most; Lowest = $lowest }
}

<#
.SYNOPSIS
The largest difference of two sequences of numbers; infinity when they are not equally long.
#>
function Compare-Number([double[]] $One, [double[]] $Two) {
    if ($One.Count -ne $Two.Count -or -not $One.Count) { return [double]::PositiveInfinity }
    $most = 0.0
    for ($i = 0; $i -lt $One.Count; $i++) { $most = [Math]::Max($most, [Math]::Abs($One[$i] - $Two[$i])) }
    $most
}

Export-ModuleMember -Function Compare-NeutralText, Compare-CsvNumber, Compare-FileByte, Compare-Logit, Compare-Number
