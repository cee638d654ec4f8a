<#
.SYNOPSIS
Finds the digit windows on the photos in the folder photos_to_predict, beside this file.
.DESCRIPTION
For people without a console: double-click Start-WaterMeters.cmd, which starts this script. Put photos into photos_to_predict and start it;
the results are in predicted_masks: the table windows.csv, the page windows.html, and a mask and an overlay for each photo. Start it again
for more photos: those that have a mask are kept as they are. Nothing is ever deleted.

The model is the nearest models/production.*, from this folder upward.

The exit code is 0, or 1 after any error.
.PARAMETER NoPause
Ends without waiting for a key. Without it, a window that was opened for this script stays open.
#>
# Windows PowerShell 5.1 must be able to read all of this file, to say that it is too old: no newer syntax, and ASCII only.
param([switch] $NoPause)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$photoFolder = Join-Path $PSScriptRoot 'photos_to_predict'
$resultFolder = Join-Path $PSScriptRoot 'predicted_masks'
$tablePath = Join-Path $resultFolder 'windows.csv'
$pagePath = Join-Path $resultFolder 'windows.html'

# Says what to do before the work can be done, and ends it.
function Stop-Work([string[]] $Lines) { throw [OperationCanceledException] ($Lines -join [Environment]::NewLine) }

function Assert-PowerShell {
    $version = $PSVersionTable.PSVersion
    if ($version.Major -gt 7 -or ($version.Major -eq 7 -and $version.Minor -ge 6)) { return }
    Stop-Work @(
        "WaterMeters needs PowerShell 7.6 or newer; this is PowerShell $version."
        if ($version.Major -lt 7) { 'If it is installed, double-click Start-WaterMeters.cmd instead of this file. To install it:' }
        else { 'To update it:' }
        '    winget install Microsoft.PowerShell'
        'Or get it from https://aka.ms/powershell'
    )
}

function Import-WaterMeters {
    try { Import-Module WaterMeters }
    catch {
        if ($_.FullyQualifiedErrorId -like 'Modules_ModuleNotFound,*') {
            Stop-Work @(
                'The PowerShell module WaterMeters is not installed. To install it, open PowerShell 7 and type:'
                '    Install-PSResource WaterMeters'
            )
        }
        Stop-Work @(
            "The PowerShell module WaterMeters cannot be loaded: $_"
            'If its files were downloaded with a browser, Windows blocks them. To unblock them, open PowerShell 7 and type:'
            '    (Get-Module WaterMeters -ListAvailable).ModuleBase | Get-ChildItem -Recurse | Unblock-File'
        )
    }
}

# One window at a time: two would predict the same photos. The file is removed when its handle is closed, also by a crash.
function Open-Lock {
    try {
        [IO.FileStream]::new(
            (Join-Path $resultFolder '.in-use'), 'OpenOrCreate', 'ReadWrite', 'None', 1, [IO.FileOptions]::DeleteOnClose)
    }
    catch [IO.IOException] {
        Stop-Work "Another window is working in $resultFolder. Wait until it is done, and start again."
    }
}

# Excel keeps a table locked, so that the new rows could not be added.
function Assert-TableClosed {
    if (-not (Test-Path -LiteralPath $tablePath)) { return }
    try { [IO.File]::Open($tablePath, 'Open', 'ReadWrite', 'None').Dispose() }
    catch [IO.IOException] { Stop-Work "$tablePath is open in another program, such as Excel. Close it there, and start again." }
    catch [UnauthorizedAccessException] { Stop-Work "$tablePath cannot be written. Check that the file is not read-only, and start again." }
}

# The name of a file, also of a path that was written on another system.
function Get-Leaf([string] $Path) { ($Path -split '[\\/]')[-1] }

# The rows of earlier calls. Their numbers may have the decimal separator of another computer, and the folder may have moved.
function Read-Table {
    if (-not (Test-Path -LiteralPath $tablePath)) { return }
    $head = @(Get-Content -LiteralPath $tablePath -TotalCount 1)
    $delimiter = if ("$head" -like '*";"*') { ';' } else { ',' }
    $numbers = [WaterMeters.Prediction].GetProperties() |
        Where-Object { $_.PropertyType -in [double], [Nullable[double]] } |
        ForEach-Object Name
    foreach ($row in Import-Csv -LiteralPath $tablePath -Delimiter $delimiter) {
        $row.ImagePath = Join-Path $photoFolder (Get-Leaf $row.ImagePath)
        foreach ($name in 'MaskPath', 'OverlayPath') { if ($row.$name) { $row.$name = Join-Path $resultFolder (Get-Leaf $row.$name) } }
        foreach ($name in $numbers) {
            if ($row.$name) { $row.$name = [double]::Parse($row.$name.Replace(',', '.'), [cultureinfo]::InvariantCulture) }
        }
        $row
    }
}

# Photos whose masks were written, but not their rows: the window was closed before the end. Their masks stay as they are.
function Get-MissingRow([string[]] $Known) {
    $without = @(Get-ChildItem -LiteralPath $photoFolder -File | Where-Object {
            $_.Extension -in '.jpg', '.jpeg', '.jfif', '.png', '.webp' -and $_.Name -notin $Known -and
            (Test-Path -LiteralPath (Join-Path $resultFolder "$($_.BaseName).png"))
        })
    if (-not $without) { return }
    $without | Invoke-WmsPrediction -ErrorAction SilentlyContinue -InformationAction Ignore |
        Select-Object -Property * -ExcludeProperty MaskPath, OverlayPath |
        ForEach-Object {
            $mask = Join-Path $resultFolder ([IO.Path]::GetFileNameWithoutExtension($_.ImagePath))
            $_ | Add-Member -PassThru -NotePropertyMembers @{ MaskPath = "$mask.png"; OverlayPath = "$mask.overlay.jpg" }
        }
}

# With the separators of this computer and a byte order mark: Excel opens it with a double-click, letters and columns as they should be.
function Write-Table([object[]] $Rows) {
    $new = Join-Path $resultFolder "windows-$(Get-Date -Format yyyyMMdd-HHmmss).csv"
    $Rows | Sort-Object ImagePath | Select-Object -Property ([WaterMeters.Prediction].GetProperties().Name) |
        Export-Csv -LiteralPath $new -UseCulture -Encoding utf8BOM
    try { [IO.File]::Move($new, $tablePath, $true) }
    catch [IO.IOException], [UnauthorizedAccessException] {
        Write-Host "$tablePath could not be replaced (is it open in Excel?). The table is in $new." -ForegroundColor Yellow
    }
}

# When a file came to its folder: a copy has the time of the original, but was created later.
function Get-FileTime([string] $Path) {
    if ($Path -and (Test-Path -LiteralPath $Path)) {
        $file = Get-Item -LiteralPath $Path -Force
        if ($file.CreationTimeUtc -gt $file.LastWriteTimeUtc) { $file.CreationTimeUtc } else { $file.LastWriteTimeUtc }
    }
    else { [datetime]::MinValue }
}

function Get-Count([int] $Number, [string] $Noun) { if ($Number -eq 1) { "1 $Noun" } else { "$Number $($Noun)s" } }

function Show-List([string[]] $Lines) {
    $Lines | Select-Object -First 20 | ForEach-Object { Write-Host "    $_" }
    if ($Lines.Count -gt 20) { Write-Host "    and $($Lines.Count - 20) more" }
}

function Show-Result([object[]] $New, [object[]] $Kept, [object[]] $Failures) {
    Write-Host
    if ($New) { Write-Host "$(Get-Count $New.Count 'new photo') predicted." }
    else { Write-Host 'There are no new photos in photos_to_predict.' }
    $without = @($New | Where-Object { -not $_.Regions })
    if ($without) {
        Write-Host "No digit window was found on $(Get-Count $without.Count 'photo'):"
        Show-List ($without.ImagePath | ForEach-Object { Get-Leaf $_ })
    }
    if ($Failures) {
        Write-Host "$(Get-Count $Failures.Count 'error'):" -ForegroundColor Red
        Show-List $Failures
    }
    if ($Kept) {
        Write-Host "$(Get-Count $Kept.Count 'photo') from before kept. To predict one again, delete its mask in predicted_masks."
        # Such as IMG_0001.jpg of another phone.
        $changed = @($Kept | Where-Object {
                $photo, $mask = $_.ImagePath, $_.MaskPath | ForEach-Object { Get-FileTime $_ }
                $mask -gt [datetime]::MinValue -and $photo -gt $mask
            })
        if ($changed) {
            Write-Host 'These photos are newer than their masks. If they are other photos of the same name, delete those masks:'
            Show-List ($changed.ImagePath | ForEach-Object { Get-Leaf $_ })
        }
    }
}

function Invoke-Work {
    Assert-PowerShell
    Set-Location -LiteralPath $PSScriptRoot
    Import-WaterMeters
    Write-Host "WaterMeters finds the digit windows on the photos in $photoFolder"
    if (-not (Test-Path -LiteralPath $photoFolder)) {
        $null = New-Item -ItemType Directory -Path $photoFolder
        Stop-Work "The folder photos_to_predict was missing and is there now. Put photos into it, and start again."
    }
    if (-not (Get-ChildItem -LiteralPath $photoFolder -File)) {
        Stop-Work 'The folder photos_to_predict is empty. Put photos into it, and start again.'
    }

    $null = New-Item -ItemType Directory -Force -Path $resultFolder
    $lock = Open-Lock
    try {
        Assert-TableClosed
        $kept = @(Read-Table)
        $kept += @(Get-MissingRow @($kept | ForEach-Object { Get-Leaf $_.ImagePath }))
        $new, $failures = [Collections.Generic.List[object]]::new(), @()
        try {
            Invoke-WmsPrediction -LiteralPath $photoFolder -OutputPath $resultFolder -Overlay -SkipExisting -InformationAction Ignore `
                -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object { $new.Add($_) }
        }
        finally {
            # Also after an error or Ctrl+C: what was predicted is in the table.
            $again = @($new | ForEach-Object ImagePath)
            $kept = @($kept | Where-Object ImagePath -NotIn $again)
            $rows = $kept + @($new)
            if ($rows) { Write-Table $rows }
        }
        $shown = @($rows | Where-Object { Test-Path -LiteralPath $_.ImagePath })
        if ($shown) { $shown | Export-WmsReport -OutputPath $pagePath }
    }
    finally { $lock.Dispose() }

    Show-Result $new $kept @($failures | ForEach-Object { "$_" })
    if ($rows) {
        Write-Host
        Write-Host "The results are in $resultFolder"
        Write-Host '    windows.html        open it in a browser: each photo with its window, the doubtful ones first'
        Write-Host '    windows.csv         the table, for Excel'
        Write-Host '    NAME.png            the mask of a photo: white where its digits are'
        Write-Host '    NAME.overlay.jpg    the photo with the outline of its window'
    }
    if ($failures) { 1 } else { 0 }
}

$code = 1
try { $code = Invoke-Work }
catch [OperationCanceledException] { Write-Host $_.Exception.Message -ForegroundColor Yellow }
catch {
    Write-Host "$_" -ForegroundColor Red
    if ($_.FullyQualifiedErrorId -like 'ModelNotFound,*') {
        $place = Join-Path $PSScriptRoot 'models' | Join-Path -ChildPath 'production.safetensors'
        Write-Host "To use a model that you received, copy it to $place"
    }
}

# A prompt stays open by itself; a window that was opened for this script (-File, -Command) closes with it.
$isOwnWindow = [Environment]::GetCommandLineArgs() -match '^-(c|f)'
if ($isOwnWindow -and -not $NoPause -and -not [Console]::IsInputRedirected) { $null = Read-Host 'Press Enter to close this window' }
exit $code
